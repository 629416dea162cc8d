package dev.holdfast.duckdb.read;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.row.Lanes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The counts of tasks: live ones from the places, ended ones from what was appended. */
final class Counts {

  private static final Duration RECENT = Duration.ofSeconds(10);

  private Counts() {}

  private static final String LIVE = """
      SELECT lane, 'PENDING' AS state, count(*) AS count, min(ord) AS oldest
        FROM ready
       GROUP BY lane
       UNION ALL
      SELECT lane, 'SCHEDULED', count(*), NULL
        FROM scheduled
       GROUP BY lane
       UNION ALL
      SELECT lane, 'BLOCKED', count(*), NULL
        FROM blocked
       GROUP BY lane
       UNION ALL
      SELECT lane, 'WAITING', count(*), NULL
        FROM suspended
       GROUP BY lane
       UNION ALL
      SELECT lane, CASE WHEN started_us IS NULL THEN 'CLAIMED' ELSE 'RUNNING' END AS state,
             count(*), NULL
        FROM held
       GROUP BY lane, state
      """;

  private static final String ENDED = """
      SELECT queue, state, CAST(sum(count) AS BIGINT) AS count,
             CAST(sum(recent) AS BIGINT) AS recent
        FROM (SELECT queue, state, total AS count, 0 AS recent
                FROM stat_total
               UNION ALL
              SELECT queue, state, change,
                     CASE WHEN counted_us > :since AND state = 'COMPLETED' AND change > 0
                          THEN change ELSE 0 END
                FROM stat_delta)
       GROUP BY queue, state
      """;

  static Stats stats(Handle handle, Lanes lanes, InstantSource clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Sheet sheet = new Sheet();
    handle
        .createQuery(LIVE)
        .map((row, context) -> {
          QueueName queue = lanes.key(row.getInt("lane")).address().queue();
          sheet.add(queue, row);
          Long oldest = Cells.longOrNull(row, "oldest");
          return oldest == null ? Long.MAX_VALUE : oldest;
        })
        .forEach(oldest -> sheet.oldest = Math.min(sheet.oldest, oldest));
    handle
        .createQuery(ENDED)
        .bind("since", Cells.micros(now.minus(RECENT)))
        .map((row, context) -> {
          sheet.add(new QueueName(Cells.text(row, "queue")), row);
          return row.getLong("recent");
        })
        .forEach(recent -> sheet.recent += recent);
    return sheet.stats(now);
  }

  /** Fills while rows are read. */
  private static final class Sheet {

    private final Map<QueueName, Map<TaskState, Long>> queues = new HashMap<>();
    private long oldest = Long.MAX_VALUE;
    private long recent;

    void add(QueueName queue, ResultSet row) throws SQLException {
      long count = row.getLong("count");
      if (count != 0) {
        queues
            .computeIfAbsent(queue, name -> new HashMap<>())
            .merge(TaskState.valueOf(Cells.text(row, "state")), count, Long::sum);
      }
    }

    Stats stats(Instant now) {
      Instant since = oldest == Long.MAX_VALUE ? null : Cells.instant(oldest);
      return new Stats(queues, since, recent, now);
    }
  }
}
