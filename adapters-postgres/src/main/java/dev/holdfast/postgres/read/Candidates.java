package dev.holdfast.postgres.read;

import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Finds the tasks of a page by the narrowest index that the filter allows. */
record Candidates(Handle handle) {

  private static final UUID BEHIND_ALL = new UUID(-1L, -1L);

  List<TaskId> find(TaskFilter filter, int limit) {
    List<Integer> lanes = isOfLanes(filter) ? lanes(filter) : null;
    if (lanes != null && lanes.isEmpty()) {
      return List.of();
    }
    UUID before = filter.before() == null ? BEHIND_ALL : filter.before().value();
    return walk(filter, lanes, before, limit).orElseGet(() -> {
      String statement = statement(filter, lanes != null);
      return statement.equals(PENDING)
          ? WholeReads.allowed(handle, () -> search(statement, filter, lanes, before, limit))
          : search(statement, filter, lanes, before, limit);
    });
  }

  /** Empty where an index serves, or the walk would be too long. */
  private Optional<List<TaskId>> walk(
      TaskFilter filter, @Nullable List<Integer> lanes, UUID before, int limit) {
    boolean isOfState =
        filter.state() != null && (lanes != null || filter.state() == TaskState.PENDING);
    return filter.parent() == null && (filter.tag() != null || isOfState)
        ? new Walk(handle).find(filter, lanes, before, limit)
        : Optional.empty();
  }

  private List<TaskId> search(
      String statement, TaskFilter filter, @Nullable List<Integer> lanes, UUID before, int limit) {
    Query query = handle.createQuery(statement);
    query.bind("before", before);
    query.bind("limit", limit);
    query.bind("anyLane", lanes == null);
    Columns.of(query, lanes == null ? List.<Integer>of() : lanes).ints("lanes", lane -> lane);
    query.bind("state", filter.state() == null ? null : filter.state().code());
    query.bind("tag", filter.tag());
    query.bind("parent", filter.parent() == null ? null : filter.parent().value());
    Columns.of(query, kinds(filter.state())).ints("kinds", kind -> kind);
    return query.map((set, context) -> new TaskId(new Row(set).uuid("id"))).list();
  }

  private static boolean isOfLanes(TaskFilter filter) {
    return filter.namespace() != null || filter.queue() != null || filter.type() != null;
  }

  private static final String LANES = """
      SELECT id FROM lane
       WHERE ns = coalesce(:ns, ns) AND queue = coalesce(:queue, queue)
         AND type = coalesce(:type, type)
      """;

  private List<Integer> lanes(TaskFilter filter) {
    return handle
        .createQuery(LANES)
        .bind("ns", text(filter.namespace()))
        .bind("queue", text(filter.queue()))
        .bind("type", text(filter.type()))
        .map((set, context) -> new Row(set).integer("id"))
        .list();
  }

  private static @Nullable String text(@Nullable Object name) {
    return name == null ? null : name.toString();
  }

  private static String statement(TaskFilter filter, boolean ofLanes) {
    if (filter.parent() != null) {
      return CHILDREN;
    }
    if (filter.tag() != null) {
      return TAGGED;
    }
    TaskState state = filter.state();
    return state == null ? ofLanes ? OF_LANES : ALL : ofState(state);
  }

  private static String ofState(TaskState state) {
    return switch (state) {
      case PENDING -> PENDING;
      case BLOCKED, SCHEDULED, CLAIMED, RUNNING, WAITING -> LIVE;
      case COMPLETED -> COMPLETED;
      case FAILED, CANCELLED, TIMED_OUT -> ENDED_BADLY;
    };
  }

  /** The kinds of ends that lead to a state. */
  private static List<Integer> kinds(@Nullable TaskState state) {
    if (state == null) {
      return List.of();
    }
    return switch (state) {
      case FAILED -> List.of(2, 4);
      case CANCELLED -> List.of(5, 7);
      case TIMED_OUT -> List.of(6);
      case BLOCKED, SCHEDULED, PENDING, CLAIMED, RUNNING, WAITING, COMPLETED -> List.of();
    };
  }

  private static final String ALL = """
      SELECT id FROM task WHERE id < :before ORDER BY id DESC LIMIT :limit
      """;

  private static final String OF_LANES = """
      SELECT p.id FROM unnest(:lanes) l(lane)
       CROSS JOIN LATERAL (
         SELECT id FROM task t WHERE t.lane = l.lane AND t.id < :before
          ORDER BY id DESC LIMIT :limit) p
       ORDER BY p.id DESC LIMIT :limit
      """;

  private static final String CHILDREN = """
      SELECT t.id FROM task t
       WHERE t.parent = :parent AND t.id < :before AND (:anyLane OR t.lane = ANY(:lanes))
         AND (CAST(:tag AS text) IS NULL OR t.tags @> ARRAY[CAST(:tag AS text)])
         AND (CAST(:state AS text) IS NULL
              OR (SELECT s.state FROM standing s WHERE s.task = t.id) = :state)
       ORDER BY t.id DESC LIMIT :limit
      """;

  private static final String TAGGED = """
      SELECT t.id FROM task t
       WHERE t.tags @> ARRAY[CAST(:tag AS text)] AND t.id < :before
         AND (:anyLane OR t.lane = ANY(:lanes))
         AND (CAST(:state AS text) IS NULL
              OR (SELECT s.state FROM standing s WHERE s.task = t.id) = :state)
       ORDER BY t.id DESC LIMIT :limit
      """;

  // Read whole: what is claimed from has no index but the one that claims go by.
  private static final String PENDING = """
      SELECT task AS id FROM ready
       WHERE task < :before AND (:anyLane OR lane = ANY(:lanes))
       ORDER BY task DESC LIMIT :limit
      """;

  private static final String LIVE = """
      SELECT p.task AS id
        FROM (SELECT task, lane, 'scheduled' AS state FROM scheduled
              UNION ALL SELECT task, lane, 'blocked' FROM blocked
              UNION ALL SELECT task, lane, 'waiting' FROM suspended
              UNION ALL SELECT task, NULL, 'claimed' FROM held WHERE started_at IS NULL
              UNION ALL SELECT task, NULL, 'running' FROM held WHERE started_at IS NOT NULL) p
       WHERE p.state = :state AND p.task < :before
         AND (:anyLane
              OR coalesce(p.lane, (SELECT lane FROM task WHERE id = p.task)) = ANY(:lanes))
       ORDER BY p.task DESC LIMIT :limit
      """;

  // A completed task is never replayed, so its end is its last.
  private static final String COMPLETED = """
      SELECT e.task AS id FROM run_end e
       WHERE e.final AND e.kind = 1 AND e.task < :before
         AND (:anyLane OR (SELECT lane FROM task WHERE id = e.task) = ANY(:lanes))
       ORDER BY e.task DESC LIMIT :limit
      """;

  // An end that a replay has undone is no state, and of several ends the last one counts.
  private static final String ENDED_BADLY = """
      SELECT p.task AS id FROM unnest(:kinds) k(kind)
       CROSS JOIN LATERAL (
         SELECT e.task FROM run_end e
          WHERE e.kind = k.kind AND e.final AND e.kind <> 1 AND e.task < :before
            AND (:anyLane OR (SELECT lane FROM task WHERE id = e.task) = ANY(:lanes))
            AND e.run = (SELECT run FROM standing WHERE task = e.task AND NOT live)
          ORDER BY e.task DESC LIMIT :limit) p
       ORDER BY p.task DESC LIMIT :limit
      """;
}
