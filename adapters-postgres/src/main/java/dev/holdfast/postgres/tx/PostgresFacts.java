package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** What is appended and read back. */
public record PostgresFacts(Handle handle) implements Facts {

  private static final Comparator<Note> BY_KEY =
      Comparator.comparing(Note::task).thenComparingInt(Note::version);

  @Override
  public void end(Collection<RunEnd> ends) {
    new Ends(handle).append(ends);
  }

  private static final String NOTE = """
      INSERT INTO note(task, v, kind, at, attempt, session, percent, message, due_at, reason)
      SELECT task, v, kind, at, attempt, session, percent, message, due_at, reason
        FROM unnest(:tasks, :versions, :kinds, :instants, :attempts, :sessions, :percents,
             :messages, :dueAts, :reasons)
             i(task, v, kind, at, attempt, session, percent, message, due_at, reason)
      ON CONFLICT (task, v) DO NOTHING
      RETURNING task
      """;

  @Override
  public Set<TaskId> note(Collection<Note> notes) {
    Query query = handle.createQuery(NOTE);
    Columns.of(query, notes.stream().sorted(BY_KEY).toList())
        .uuids("tasks", note -> note.task().value())
        .ints("versions", Note::version)
        .smallints("kinds", note -> note.kind().code())
        .instants("instants", Note::at)
        .smallints("attempts", Note::attempt)
        .longs("sessions", PostgresFacts::session)
        .doubles("percents", PostgresFacts::percent)
        .texts("messages", PostgresFacts::message)
        .instants("dueAts", Note::dueAt)
        .texts("reasons", Note::reason);
    return query
        .map((set, context) -> new TaskId(new Row(set).uuid("task")))
        .collect(Collectors.toSet());
  }

  private static @Nullable Long session(Note note) {
    SessionId session = note.session();
    return session == null ? null : session.value();
  }

  private static @Nullable Double percent(Note note) {
    Progress progress = note.progress();
    return progress == null ? null : (Double) progress.percent();
  }

  private static @Nullable String message(Note note) {
    Progress progress = note.progress();
    return progress == null ? null : progress.message();
  }

  private static final String LAST_ENDS = """
      SELECT e.task, e.run, e.claim, e.session, e.assigned_v, e.kind, e.final, e.attempt, e.v,
             e.started_v, e.started_at, e.ended_at, e.next_at, e.error_types, e.error_messages,
             e.error_stacks,
             coalesce(e.xid > CAST(CAST(pg_current_xact_id_if_assigned() AS text) AS bigint), false)
               AS late
        FROM unnest(:tasks) i(task)
       CROSS JOIN LATERAL (
         SELECT * FROM run_end r WHERE r.task = i.task AND r.final
          ORDER BY r.run DESC LIMIT 1) e
      """;

  @Override
  public Map<TaskId, RunEnd> lastEnds(Collection<TaskId> tasks) {
    Query query = handle.createQuery(LAST_ENDS);
    Columns.of(query, distinct(tasks)).uuids("tasks", TaskId::value);
    return query
        .map((set, context) -> lastEnd(new Row(set)))
        .collect(Collectors.toMap(RunEnd::task, Function.identity()));
  }

  private static RunEnd lastEnd(Row row) throws SQLException {
    Rows.requireOlder(row);
    return Rows.end(row);
  }

  private static final String ENDS = """
      SELECT e.task, e.run, e.claim, e.session, e.assigned_v, e.kind, e.final, e.attempt, e.v,
             e.started_v, e.started_at, e.ended_at, e.next_at, e.error_types, e.error_messages,
             e.error_stacks
        FROM unnest(:tasks, :runs) i(task, run)
       CROSS JOIN LATERAL (
         SELECT * FROM run_end r WHERE r.task = i.task AND r.run = i.run OFFSET 0) e
      """;

  @Override
  public Map<RunKey, RunEnd> ends(Collection<RunKey> keys) {
    Query query = handle.createQuery(ENDS);
    Columns.of(query, keys.stream().distinct().sorted().toList())
        .uuids("tasks", key -> key.task().value())
        .ints("runs", RunKey::number);
    return query
        .map((set, context) -> Rows.end(new Row(set)))
        .collect(Collectors.toMap(RunEnd::key, Function.identity()));
  }

  private static final String DEFINITIONS = """
      SELECT id, ns, queue, type, needs, priority, max_attempts, task_flags, first_due_at,
             created_at, retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable,
             timeout, expires_in, parent, key, ref, tags
        FROM definition WHERE id = ANY(:tasks) AND id BETWEEN :least AND :greatest
      """;

  @Override
  public Map<TaskId, TaskDefinition> definitions(Collection<TaskId> tasks) {
    Query query = handle.createQuery(DEFINITIONS);
    Columns.of(query, distinct(tasks)).uuids("tasks", TaskId::value).uuidBounds(TaskId::value);
    return query
        .map((set, context) -> Rows.definition(new Row(set), Rows.lane(new Row(set))))
        .collect(Collectors.toMap(TaskDefinition::id, Function.identity()));
  }

  private static final String LOCK_EXCLUSIVE = """
      SELECT id FROM task
       WHERE id = ANY(:tasks) AND id BETWEEN :least AND :greatest ORDER BY id FOR UPDATE
      """;
  private static final String LOCK_SHARED = """
      SELECT id FROM task
       WHERE id = ANY(:tasks) AND id BETWEEN :least AND :greatest ORDER BY id FOR KEY SHARE
      """;

  @Override
  public void lock(Collection<TaskId> tasks, boolean exclusive) {
    Query query = handle.createQuery(exclusive ? LOCK_EXCLUSIVE : LOCK_SHARED);
    Columns.of(query, distinct(tasks)).uuids("tasks", TaskId::value).uuidBounds(TaskId::value);
    query.map((set, context) -> new Row(set).uuid("id")).list();
  }

  private static final String COUNT = """
      INSERT INTO stat_delta(queue, state, n, at)
      SELECT queue, state, n, clock() FROM unnest(:queues, :states, :numbers) i(queue, state, n)
      """;

  @Override
  public void count(Collection<Tally> tallies) {
    Update update = handle.createUpdate(COUNT);
    Columns.of(update, tallies)
        .texts("queues", tally -> tally.queue().value())
        .texts("states", tally -> tally.state().code())
        .longs("numbers", Tally::change);
    update.execute();
  }

  private static List<TaskId> distinct(Collection<TaskId> tasks) {
    return tasks.stream().distinct().sorted().toList();
  }
}
