package dev.holdfast.postgres.read;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Counts the places, each in one go, and adds up what was counted of the ended tasks. */
record Counts(Handle handle) {

  private static final String BY_QUEUE = """
      WITH live AS (
        SELECT lane, 'pending' AS state, count(*) AS n, min(ord) AS oldest FROM ready GROUP BY lane
        UNION ALL
        SELECT coalesce(p.lane, (SELECT lane FROM task WHERE id = p.task)), p.state, count(*), NULL
          FROM (SELECT task, lane, 'scheduled' AS state FROM scheduled
                UNION ALL SELECT task, lane, 'blocked' FROM blocked
                UNION ALL SELECT task, lane, 'waiting' FROM suspended
                UNION ALL SELECT task, NULL, CASE WHEN started_at IS NULL THEN 'claimed'
                          ELSE 'running' END FROM held) p
         GROUP BY 1, p.state)
      SELECT queue, state, CAST(sum(n) AS bigint) AS n, min(oldest) AS oldest
        FROM (SELECT l.queue, live.state, live.n, live.oldest
                FROM live JOIN lane l ON l.id = live.lane
              UNION ALL SELECT queue, state, n, NULL FROM stat_total
              UNION ALL SELECT queue, state, n, NULL FROM stat_delta) counts
       GROUP BY queue, state
      HAVING sum(n) <> 0
      """;

  private static final String MOMENT = """
      SELECT clock() AS now,
             CAST(coalesce((SELECT sum(n) FROM stat_delta
                        WHERE state = 'completed' AND n > 0
                          AND at > (SELECT clock() - interval '10 s')), 0) AS bigint) AS recent
      """;

  Stats stats() {
    List<Count> counts = WholeReads.allowed(
        handle,
        () -> handle
            .createQuery(BY_QUEUE)
            .map((set, context) -> count(new Row(set)))
            .list());
    return handle
        .createQuery(MOMENT)
        .map((set, context) -> stats(counts, new Row(set)))
        .one();
  }

  private static Stats stats(List<Count> counts, Row row) throws SQLException {
    Map<QueueName, Map<TaskState, Long>> queues = new HashMap<>();
    for (Count count : counts) {
      queues.computeIfAbsent(count.queue, queue -> new HashMap<>()).put(count.state, count.number);
    }
    Instant oldest = counts.stream()
        .map(Count::oldest)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
    return new Stats(queues, oldest, row.number("recent"), row.instant("now"));
  }

  private static Count count(Row row) throws SQLException {
    Long oldest = row.optionalNumber("oldest");
    return new Count(
        new QueueName(row.text("queue")),
        TaskRows.state(row),
        row.number("n"),
        oldest == null ? null : Instant.EPOCH.plus(oldest, ChronoUnit.MICROS));
  }

  /** Tasks of one queue in one state, and since when the oldest of them is pending. */
  private record Count(
      QueueName queue,
      TaskState state,
      long number,
      @Nullable Instant oldest) {}
}
