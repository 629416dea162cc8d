package dev.holdfast.duckdb.tx;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runs that sessions hold. */
public record DuckRuns(Transaction tx) implements Runs {

  @Override
  public ClaimAnswer claim(ClaimRequest request) {
    return new Claiming(tx, request).claim();
  }

  @Override
  public Set<RunKey> complete(Collection<Completion> completions) {
    Map<RunKey, Completion> byKey = completions.stream()
        .collect(toMap(Completion::key, completion -> completion, (first, second) -> first));
    List<PlaceRows.Row> held = delete(DELETE_ALONE, byKey.keySet());
    List<EndRows.Row> ends = held.stream()
        .map(row -> new EndRows.Row(row.seat().lane(), completed(row, byKey)))
        .toList();
    Set<RunKey> ended = held.stream().map(row -> row.place().run().key()).collect(toSet());
    if (!ends.isEmpty()) {
      EndRows.insert(tx.handle(), ends, tx.xid());
      new DuckFacts(tx).count(tallies(ended, byKey));
    }
    return ended;
  }

  private static List<Tally> tallies(Set<RunKey> ended, Map<RunKey, Completion> byKey) {
    Map<QueueName, Long> perQueue = ended.stream()
        .map(key -> Objects.requireNonNull(byKey.get(key)).queue())
        .collect(groupingBy(queue -> queue, counting()));
    return perQueue.entrySet().stream()
        .map(queue -> new Tally(queue.getKey(), TaskState.COMPLETED, queue.getValue()))
        .toList();
  }

  private static RunEnd completed(PlaceRows.Row row, Map<RunKey, Completion> byKey) {
    Completion completion = Objects.requireNonNull(byKey.get(row.place().run().key()));
    return Objects.requireNonNull(
        Settlement.complete((Held) row.place(), completion.outcome()).end());
  }

  @Override
  public List<Held> take(Collection<RunKey> keys) {
    return held(delete(DELETE, keys));
  }

  private static List<Held> held(List<PlaceRows.Row> rows) {
    return rows.stream().map(row -> (Held) row.place()).toList();
  }

  private static final String DELETE = """
      DELETE FROM held
       USING (SELECT unnest(:tasks) AS task, unnest(:runs) AS run) wanted
       WHERE held.task = wanted.task
         AND held.run = wanted.run
      RETURNING held.*
      """;

  // Nobody depends on the task.
  private static final String DELETE_ALONE = """
      DELETE FROM held
       USING (SELECT unnest(:tasks) AS task, unnest(:runs) AS run) wanted
       WHERE held.task = wanted.task
         AND held.run = wanted.run
         AND held.flags & 1 = 0
      RETURNING held.*
      """;

  private List<PlaceRows.Row> delete(String sql, Collection<RunKey> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    return taken(tx.handle()
        .createQuery(sql)
        .bind("tasks", Columns.ids(keys, RunKey::task))
        .bind("runs", Columns.ints(keys, RunKey::number))
        .map((row, context) -> PlaceRows.readHeld(row))
        .list());
  }

  private List<PlaceRows.Row> taken(List<PlaceRows.Row> rows) {
    tx.remember(rows);
    return rows.stream().sorted(Comparator.comparing(PlaceRows.Row::task)).toList();
  }

  private static final String TAKE_OF = """
      DELETE FROM held
       WHERE task IN (
             SELECT task
               FROM held
              WHERE session = :session
              ORDER BY task
              LIMIT :limit)
      RETURNING *
      """;

  @Override
  public List<Held> takeOf(SessionId session, int limit) {
    return held(taken(tx.handle()
        .createQuery(TAKE_OF)
        .bind("session", session.value())
        .bind("limit", limit)
        .map((row, context) -> PlaceRows.readHeld(row))
        .list()));
  }

  private static final String TAKE_OVERDUE = """
      DELETE FROM held
       WHERE task IN (
             SELECT task
               FROM held
              WHERE deadline_us <= :now
              ORDER BY deadline_us, task
              LIMIT :limit)
      RETURNING *
      """;

  @Override
  public List<Held> takeOverdue(int limit) {
    return held(taken(tx.handle()
        .createQuery(TAKE_OVERDUE)
        .bind("now", Cells.micros(tx.now()))
        .bind("limit", limit)
        .map((row, context) -> PlaceRows.readHeld(row))
        .list()));
  }

  @Override
  public List<Held> lock(Collection<TaskId> tasks) {
    List<PlaceRows.Row> rows = PlaceRows.find(tx.handle(), tasks).stream()
        .filter(row -> row.place() instanceof Held)
        .toList();
    tx.remember(rows);
    return held(rows);
  }

  private static final String REPLACE = """
      UPDATE held
         SET v = changed.v,
             flags = changed.flags,
             started_us = changed.started_us,
             deadline_us = changed.deadline_us,
             cancel_reason = changed.cancel_reason,
             progress_percent = changed.progress_percent,
             progress_message = changed.progress_message
        FROM (SELECT unnest(:tasks) AS task, unnest(:runs) AS run, unnest(:versions) AS v,
                     unnest(:flags) AS flags, unnest(:starts) AS started_us,
                     unnest(:deadlines) AS deadline_us, unnest(:reasons) AS cancel_reason,
                     unnest(:percents) AS progress_percent,
                     unnest(:messages) AS progress_message) changed
       WHERE held.task = changed.task
         AND held.run = changed.run
      """;

  @Override
  public void replace(Collection<Held> locked) {
    if (locked.isEmpty()) {
      return;
    }
    tx.handle()
        .createUpdate(REPLACE)
        .bind("tasks", Columns.ids(locked, held -> held.run().task()))
        .bind("runs", Columns.ints(locked, held -> held.run().key().number()))
        .bind("versions", Columns.ints(locked, held -> held.run().version()))
        .bind("flags", Columns.ints(locked, held -> held.run().marks().bits()))
        .bind("starts", Columns.instants(locked, Held::startedAt))
        .bind("deadlines", Columns.instants(locked, Held::deadline))
        .bind("reasons", Columns.texts(locked, Held::cancelReason))
        .bind("percents", Columns.doubles(locked, held -> percent(held.progress())))
        .bind("messages", Columns.texts(locked, held -> message(held.progress())))
        .execute();
  }

  private static @Nullable Double percent(@Nullable Progress progress) {
    return progress == null ? null : progress.percent();
  }

  private static @Nullable String message(@Nullable Progress progress) {
    return progress == null ? null : progress.message();
  }
}
