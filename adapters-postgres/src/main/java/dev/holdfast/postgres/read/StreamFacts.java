package dev.holdfast.postgres.read;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventPage.Entry;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The facts of all tasks, in the order of the stream. */
record StreamFacts(Handle handle, long incarnation) {

  /** The last events of a fact may be behind a position that its first ones are not. */
  private static final int MOST_EVENTS_OF_A_FACT = 3;

  // Each fact table is read by its block range index on xid; what a fact says of its task and node
  // is joined to the few rows that are left.
  private static final String FACTS = """
      WITH f AS MATERIALIZED (
        SELECT * FROM (
          SELECT 1 AS fact, xid, id AS task, 1 AS first_v, CAST(NULL AS int) AS run,
                 CAST(NULL AS bigint) AS claim, CAST(NULL AS bigint) AS session,
                 CAST(NULL AS int) AS assigned_v, CAST(NULL AS smallint) AS kind,
                 false AS final, CAST(0 AS smallint) AS attempt, 1 AS v,
                 CAST(NULL AS int) AS started_v, CAST(NULL AS timestamptz) AS started_at,
                 created_at AS at, CAST(NULL AS timestamptz) AS next_at, due_at,
                 CAST(NULL AS float8) AS percent, CAST(NULL AS text) AS message,
                 CAST(NULL AS text) AS reason
            FROM task WHERE xid >= :from AND xid < :to
          UNION ALL
          SELECT 2, c.xid, u.task, u.v, NULL, c.id, c.session, NULL, NULL, false, u.attempt, u.v,
                 NULL, NULL, c.at, NULL, NULL, NULL, NULL, NULL
            FROM claim c
           CROSS JOIN LATERAL unnest(c.tasks, c.versions, c.attempts) u(task, v, attempt)
           WHERE c.xid >= :from AND c.xid < :to
          UNION ALL
          SELECT 3, xid, task, coalesce(started_v, v), run, claim, session, assigned_v, kind,
                 final, attempt, v, started_v, started_at, ended_at, next_at, NULL, NULL, NULL, NULL
            FROM run_end WHERE xid >= :from AND xid < :to
          UNION ALL
          SELECT 4, xid, task, v, NULL, NULL, session, NULL, kind, false, attempt, v,
                 NULL, NULL, at, NULL, due_at, percent, message, reason
            FROM note WHERE xid >= :from AND xid < :to) facts
         WHERE (xid, task, first_v) > (:xid, :task, :version)
         ORDER BY xid, task, first_v LIMIT :limit)
      SELECT f.fact, f.xid, f.task, f.run, f.claim, f.session, f.assigned_v, f.kind, f.final,
             f.attempt, f.v, f.started_v, f.started_at, f.at, f.at AS ended_at, f.next_at,
             f.due_at, f.percent, f.message, f.reason, e.error_types, e.error_messages,
             CAST(NULL AS text[]) AS error_stacks, n.node, l.ns, l.queue, l.type,
             t.flags AS task_flags
        FROM f
       CROSS JOIN LATERAL (SELECT lane, flags FROM task WHERE id = f.task OFFSET 0) t
        JOIN lane l ON l.id = t.lane
        LEFT JOIN session n ON n.id = f.session
        LEFT JOIN LATERAL (
          SELECT error_types, error_messages FROM run_end
           WHERE f.fact = 3 AND task = f.task AND run = f.run OFFSET 0) e ON true
       ORDER BY f.xid, f.task, f.first_v
      """;

  List<Entry> entries(EventPosition after, long from, long to, int limit) {
    return handle
        .createQuery(FACTS)
        .bind("from", from)
        .bind("to", to)
        .bind("xid", after.transaction())
        .bind("task", after.task().value())
        .bind("version", after.version() - MOST_EVENTS_OF_A_FACT)
        .bind("limit", limit + MOST_EVENTS_OF_A_FACT)
        .map((set, context) -> told(new Row(set)))
        .stream()
        .flatMap(this::entries)
        .filter(entry -> entry.position().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  private static Told told(Row row) throws SQLException {
    Fact fact = switch (row.integer("fact")) {
      case 1 -> FactRows.created(row);
      case 2 -> FactRows.assigned(row);
      case 3 -> FactRows.ended(row);
      default -> FactRows.noted(row);
    };
    return new Told(row.number("xid"), fact, Rows.address(row));
  }

  private Stream<Entry> entries(Told told) {
    return Story.of(told.fact).stream()
        .map(event -> new Entry(position(told.xid, event), event, told.address));
  }

  private EventPosition position(long xid, TaskEvent event) {
    return new EventPosition(incarnation, xid, event.task(), event.version());
  }

  /** A fact and where it stands. */
  private record Told(long xid, Fact fact, TaskAddress address) {}
}
