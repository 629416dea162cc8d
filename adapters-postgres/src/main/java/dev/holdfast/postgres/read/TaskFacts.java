package dev.holdfast.postgres.read;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The facts of one task, each kind by its key. */
record TaskFacts(Handle handle) {

  /** An end stands for at most three events, so one that begins further before tells no more. */
  private static final int MOST_EVENTS_OF_A_FACT = 3;

  List<TaskEvent> events(TaskId task, int after, int limit) {
    List<Fact> facts = new ArrayList<>();
    facts.addAll(facts(CREATED, task, after, limit, (set, c) -> FactRows.created(new Row(set))));
    facts.addAll(facts(ASSIGNED, task, after, limit, (set, c) -> FactRows.assigned(new Row(set))));
    facts.addAll(facts(ENDED, task, after, limit, (set, c) -> FactRows.ended(new Row(set))));
    facts.addAll(facts(NOTED, task, after, limit, (set, c) -> FactRows.noted(new Row(set))));
    return facts.stream()
        .flatMap(fact -> Story.of(fact).stream())
        .filter(event -> event.version() > after)
        .sorted(Comparator.comparingInt(TaskEvent::version))
        .limit(limit)
        .toList();
  }

  private List<Fact> facts(String sql, TaskId task, int after, int limit, RowMapper<Fact> mapper) {
    return handle
        .createQuery(sql)
        .bind("task", task.value())
        .bind("after", after - MOST_EVENTS_OF_A_FACT)
        .bind("limit", limit + MOST_EVENTS_OF_A_FACT)
        .map(mapper)
        .list();
  }

  private static final String CREATED = """
      SELECT id AS task, created_at AS at, flags AS task_flags, due_at
        FROM task WHERE id = :task AND 1 > :after AND :limit > 0
      """;

  private static final String ASSIGNED = """
      SELECT r.task, r.assigned_v AS v, r.attempt, c.at, s.node
        FROM (SELECT task, assigned_v, attempt, claim FROM run_end
               WHERE task = :task AND claim IS NOT NULL
              UNION ALL
              SELECT task, assigned_v, attempt, claim FROM held WHERE task = :task) r
        JOIN claim c ON c.id = r.claim
        JOIN session s ON s.id = c.session
       WHERE r.assigned_v > :after
       ORDER BY r.assigned_v LIMIT :limit
      """;

  private static final String ENDED = """
      SELECT e.task, e.run, e.claim, e.session, e.assigned_v, e.kind, e.final, e.attempt, e.v,
             e.started_v, e.started_at, e.ended_at, e.next_at, e.error_types, e.error_messages,
             CAST(NULL AS text[]) AS error_stacks, s.node
        FROM run_end e LEFT JOIN session s ON s.id = e.session
       WHERE e.task = :task AND e.v > :after
       ORDER BY e.run LIMIT :limit
      """;

  private static final String NOTED = """
      SELECT n.task, n.v, n.kind, n.at, n.attempt, n.session, n.percent, n.message, n.due_at,
             n.reason, s.node
        FROM note n LEFT JOIN session s ON s.id = n.session
       WHERE n.task = :task AND n.v > :after
       ORDER BY n.v LIMIT :limit
      """;
}
