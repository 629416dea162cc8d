package dev.holdfast.postgres.read;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Counts the places, and adds up what was counted of the ended tasks. */
record Counts(Handle handle) {

  // The places are read whole here, which other statements never do.
  private static final List<String> READ_WHOLE =
      List.of("SET LOCAL enable_seqscan = on", "SET LOCAL enable_hashjoin = on");

  private static final String BY_QUEUE = """
      WITH live AS (
        SELECT lane, 'pending' AS state, count(*) AS n FROM ready GROUP BY lane
        UNION ALL
        SELECT t.lane, p.state, count(*)
          FROM (SELECT task, 'scheduled' AS state FROM scheduled
                UNION ALL SELECT task, 'blocked' FROM blocked
                UNION ALL SELECT task, 'waiting' FROM suspended
                UNION ALL SELECT task, CASE WHEN started_at IS NULL THEN 'claimed'
                          ELSE 'running' END FROM held) p
         CROSS JOIN LATERAL (SELECT lane FROM task WHERE id = p.task OFFSET 0) t
         GROUP BY t.lane, p.state)
      SELECT queue, state, CAST(sum(n) AS bigint) AS n
        FROM (SELECT l.queue, live.state, live.n FROM live JOIN lane l ON l.id = live.lane
              UNION ALL SELECT queue, state, n FROM stat_total
              UNION ALL SELECT queue, state, n FROM stat_delta) counts
       GROUP BY queue, state
      HAVING sum(n) <> 0
      """;

  private static final String MOMENT = """
      SELECT clock() AS now, (SELECT min(ord) FROM ready) AS oldest,
             CAST(coalesce((SELECT sum(n) FROM stat_delta
                        WHERE state = 'completed' AND n > 0
                          AND at > (SELECT clock() - interval '10 s')), 0) AS bigint) AS recent
      """;

  Stats stats() {
    READ_WHOLE.forEach(handle::execute);
    Map<QueueName, Map<TaskState, Long>> queues = new HashMap<>();
    handle
        .createQuery(BY_QUEUE)
        .map((set, context) -> count(new Row(set)))
        .forEach(count -> queues
            .computeIfAbsent(count.queue, queue -> new HashMap<>())
            .put(count.state, count.number));
    return handle
        .createQuery(MOMENT)
        .map((set, context) -> stats(queues, new Row(set)))
        .one();
  }

  private static Stats stats(Map<QueueName, Map<TaskState, Long>> queues, Row row)
      throws SQLException {
    return new Stats(
        queues, instant(row.optionalNumber("oldest")), row.number("recent"), row.instant("now"));
  }

  private static @Nullable Instant instant(@Nullable Long order) {
    return order == null ? null : Instant.EPOCH.plus(order, ChronoUnit.MICROS);
  }

  private static Count count(Row row) throws SQLException {
    return new Count(new QueueName(row.text("queue")), TaskRows.state(row), row.number("n"));
  }

  private record Count(QueueName queue, TaskState state, long number) {}
}
