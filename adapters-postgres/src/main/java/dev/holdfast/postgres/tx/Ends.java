package dev.holdfast.postgres.tx;

import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.postgres.db.Columns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Appends the ends of runs. */
record Ends(Handle handle) {

  private static final String APPEND = """
      INSERT INTO run_end(task, run, claim, session, assigned_v, kind, final, attempt, v,
             started_v, started_at, ended_at, next_at, result, error_types, error_messages,
             error_stacks)
      SELECT task, run, claim, session, assigned_v, kind, final, attempt, v,
             started_v, started_at, ended_at, next_at, result, CAST(error_types AS text[]),
             CAST(error_messages AS text[]), CAST(error_stacks AS text[])
        FROM unnest(:tasks, :runs, :claims, :sessions, :assigned, :kinds, :final, :attempts,
             :versions, :started, :startedAts, :endedAts, :nextAts, :results, :errorTypes,
             :errorMessages, :errorStacks)
             i(task, run, claim, session, assigned_v, kind, final, attempt, v, started_v,
             started_at, ended_at, next_at, result, error_types, error_messages, error_stacks)
      """;

  void append(Collection<RunEnd> ends) {
    Update update = handle.createUpdate(APPEND);
    Columns<RunEnd> rows = Columns.of(
        update, ends.stream().sorted(Comparator.comparing(RunEnd::key)).toList());
    rows.uuids("tasks", end -> end.task().value())
        .ints("runs", end -> end.key().number())
        .smallints("kinds", end -> end.kind().code())
        .booleans("final", RunEnd::terminal)
        .smallints("attempts", RunEnd::attempt)
        .ints("versions", RunEnd::version)
        .instants("endedAts", RunEnd::endedAt)
        .instants("nextAts", RunEnd::nextAt)
        .texts("results", end -> text(end.result()));
    bindRun(rows);
    bindErrors(rows);
    update.execute();
  }

  private static void bindRun(Columns<RunEnd> rows) {
    rows.longs("claims", end -> of(end.lease(), lease -> lease.claim().value()))
        .longs("sessions", end -> of(end.lease(), lease -> lease.session().value()))
        .ints("assigned", end -> of(end.lease(), Lease::version))
        .ints("started", end -> of(end.start(), RunEnd.Start::version))
        .instants("startedAts", end -> of(end.start(), RunEnd.Start::at));
  }

  private static void bindErrors(Columns<RunEnd> rows) {
    rows.lists("errorTypes", end -> levels(end.error(), TaskError::type))
        .lists("errorMessages", end -> levels(end.error(), TaskError::message))
        .lists("errorStacks", end -> levels(end.error(), TaskError::stackTrace));
  }

  /** One member of the error and of its causes, the outermost first. */
  private static @Nullable List<@Nullable String> levels(
      @Nullable TaskError error, Function<TaskError, @Nullable String> member) {
    if (error == null) {
      return null;
    }
    List<@Nullable String> levels = new ArrayList<>();
    for (TaskError level = error; level != null; level = level.cause()) {
      levels.add(member.apply(level));
    }
    return levels;
  }

  private static <T, V> @Nullable V of(@Nullable T whole, Function<T, @Nullable V> member) {
    return whole == null ? null : member.apply(whole);
  }

  private static @Nullable String text(@Nullable Json json) {
    return json == null ? null : json.text();
  }
}
