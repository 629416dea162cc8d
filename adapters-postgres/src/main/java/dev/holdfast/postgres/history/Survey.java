package dev.holdfast.postgres.history;

import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How all tasks of a range stood at one moment.
 *
 * @param live whether one of them has not ended, or somebody who has not depends on one
 * @param horizon what was written before this transaction is counted in
 * @param now the moment
 */
record Survey(Range range, boolean live, long horizon, Instant now, List<Ended> ended) {

  /**
   * So many tasks.
   *
   * @param keys how many of them had an idempotency key
   * @param newest when the last of them ended
   * @param xid the newest transaction that ended one
   */
  record Ended(QueueName queue, TaskState state, long tasks, long keys, Instant newest, long xid) {}

  /** When the last of them ended; null when there is none. */
  @Nullable
  Instant newest() {
    return ended.stream().map(Ended::newest).max(Instant::compareTo).orElse(null);
  }

  /** The newest transaction that ended one; zero when there is none. */
  long newestXid() {
    return ended.stream().mapToLong(Ended::xid).max().orElse(0);
  }

  boolean hasKeys() {
    return ended.stream().anyMatch(some -> some.keys > 0);
  }

  List<Tally> tallies() {
    return ended.stream()
        .map(some -> new Tally(some.queue, some.state, some.tasks))
        .toList();
  }

  // Much is read at once here, and seldom.
  private static final List<String> READ_WHOLE = List.of(
      "SET LOCAL statement_timeout = 0",
      "SET LOCAL enable_seqscan = on",
      "SET LOCAL enable_hashjoin = on",
      "SET LOCAL enable_mergejoin = on");

  /** Reads it, in a transaction whose reads are of one snapshot. */
  static Survey of(Handle handle, Range range) {
    READ_WHOLE.forEach(handle::execute);
    Moment moment = handle
        .createQuery(MOMENT)
        .map((set, context) ->
            new Moment(new Row(set).number("horizon"), new Row(set).instant("now")))
        .one();
    boolean live = isThere(handle, range, LIVE) || isThere(handle, range, DEPENDED_ON);
    List<Ended> ended = live ? List.of() : ended(handle, range);
    boolean lost = ended.stream().anyMatch(Objects::isNull);
    return new Survey(range, live || lost, moment.horizon, moment.now, lost ? List.of() : ended);
  }

  private record Moment(long horizon, Instant now) {}

  private static final String MOMENT = """
      SELECT horizon() AS horizon, clock() AS now
      """;

  private static final String LIVE = """
      SELECT EXISTS (SELECT FROM held WHERE task >= :lower AND task < :upper)
          OR EXISTS (SELECT FROM scheduled WHERE task >= :lower AND task < :upper)
          OR EXISTS (SELECT FROM suspended WHERE task >= :lower AND task < :upper)
          OR EXISTS (SELECT FROM blocked WHERE task >= :lower AND task < :upper)
          OR EXISTS (SELECT FROM cascade_todo WHERE task >= :lower AND task < :upper)
          OR EXISTS (SELECT FROM ready WHERE task >= :lower AND task < :upper) AS there
      """;

  // Those inside are not live.
  private static final String DEPENDED_ON = """
      SELECT EXISTS (
        SELECT FROM edge e
         CROSS JOIN LATERAL (SELECT live FROM standing WHERE task = e.down OFFSET 0) s
         WHERE e.up >= :lower AND e.up < :upper AND NOT (e.down >= :lower AND e.down < :upper)
           AND s.live) AS there
      """;

  private static boolean isThere(Handle handle, Range range, String sql) {
    return range
        .bind(handle.createQuery(sql))
        .map((set, context) -> new Row(set).flag("there"))
        .one();
  }

  private static final String ENDED = """
      SELECT l.queue, e.state, count(*) AS n, count(t.key) AS keys, max(e.ended_at) AS newest,
             max(e.xid) AS xid
        FROM task t
        JOIN lane l ON l.id = t.lane
        LEFT JOIN (
          SELECT DISTINCT ON (task) task, ended_at, xid,
                 CASE kind WHEN 1 THEN 'completed' WHEN 6 THEN 'timed_out'
                   WHEN 2 THEN 'failed' WHEN 4 THEN 'failed' ELSE 'cancelled' END AS state
            FROM run_end
           WHERE task >= :lower AND task < :upper AND final
           ORDER BY task, run DESC) e ON e.task = t.id
       WHERE t.id >= :lower AND t.id < :upper
       GROUP BY l.queue, e.state
      """;

  /** With a null for tasks that neither live nor have ended. */
  private static List<@Nullable Ended> ended(Handle handle, Range range) {
    return range
        .bind(handle.createQuery(ENDED))
        .map((set, context) -> ended(new Row(set)))
        .list();
  }

  private static @Nullable Ended ended(Row row) throws SQLException {
    String state = row.optionalText("state");
    return state == null
        ? null
        : new Ended(
            new QueueName(row.text("queue")),
            TaskState.valueOf(state.toUpperCase(Locale.ROOT)),
            row.number("n"),
            row.number("keys"),
            row.instant("newest"),
            row.number("xid"));
  }
}
