package dev.holdfast.duckdb.read;

import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.Lanes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks a filter leaves, newest first. The newest tasks stand at the end of their tables, so
 * it looks among the youngest first and further back only when they are too few.
 */
record Listing(Handle handle, Lanes lanes, TaskFilter filter, int limit) {

  private static final UUID LAST = new UUID(-1L, -1L);
  private static final List<Duration> SPANS =
      List.of(Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofHours(10));

  List<TaskId> tasks() {
    List<Integer> wanted = lanes.matching(filter);
    if (wanted != null && wanted.isEmpty()) {
      return List.of();
    }
    long newest = filter.before() == null ? newestMs() : Columns.bornMs(filter.before());
    for (Duration span : SPANS) {
      List<TaskId> found = bornFrom(newest - span.toMillis(), wanted);
      if (found.size() == limit) {
        return found;
      }
    }
    return bornFrom(0, wanted);
  }

  private static final String NEWEST = """
      SELECT coalesce(max(born_ms), 0)
        FROM task
      """;

  private long newestMs() {
    return handle.createQuery(NEWEST).mapTo(Long.class).one();
  }

  private List<TaskId> bornFrom(long fromMs, @Nullable List<Integer> wanted) {
    TaskState state = filter.state();
    Query query;
    if (state == null) {
      query = handle.createQuery(ALL);
    } else if (state.isTerminal()) {
      query = handle.createQuery(ENDED).bind("kinds", kinds(state)).bind("plain", isPlain());
    } else {
      query = handle.createQuery(LIVE).bind("state", state.name());
    }
    return bind(query, wanted)
        .bind("fromMs", fromMs)
        .map((row, context) -> Cells.task(row, "task"))
        .list();
  }

  private static final String ALL = """
      SELECT id AS task
        FROM task
       WHERE (:allLanes OR list_contains(:lanes, lane))
         AND (:anyParent OR parent = CAST(:parent AS UUID))
         AND (:anyTag OR list_contains(tags, :tag))
         AND born_ms BETWEEN :fromMs AND :beforeMs
         AND (:fromNewest OR id < CAST(:before AS UUID))
       ORDER BY born_ms DESC, id DESC
       LIMIT :limit
      """;

  private static final String LIVE = """
      SELECT id AS task
        FROM task
        JOIN (SELECT task FROM ready WHERE :state = 'PENDING'
               UNION ALL
              SELECT task FROM scheduled WHERE :state = 'SCHEDULED'
               UNION ALL
              SELECT task FROM blocked WHERE :state = 'BLOCKED'
               UNION ALL
              SELECT task FROM suspended WHERE :state = 'WAITING'
               UNION ALL
              SELECT task FROM held WHERE :state = 'CLAIMED' AND started_us IS NULL
               UNION ALL
              SELECT task FROM held WHERE :state = 'RUNNING' AND started_us IS NOT NULL) place
          ON place.task = task.id
       WHERE (:allLanes OR list_contains(:lanes, lane))
         AND (:anyParent OR parent = CAST(:parent AS UUID))
         AND (:anyTag OR list_contains(tags, :tag))
         AND born_ms BETWEEN :fromMs AND :beforeMs
         AND (:fromNewest OR id < CAST(:before AS UUID))
       ORDER BY born_ms DESC, id DESC
       LIMIT :limit
      """;

  // A terminal end is the last word unless a replay (kind 6) came after it.
  private static final String ENDED = """
      SELECT ended.task
        FROM run_end ended
        LEFT JOIN (SELECT task, max(v) AS v FROM note WHERE kind = 6 GROUP BY task) replay
          ON replay.task = ended.task
       WHERE ended.terminal
         AND list_contains(:kinds, ended.kind)
         AND (:allLanes OR list_contains(:lanes, ended.lane))
         AND (:plain OR ended.task IN (
             SELECT id
               FROM task
              WHERE NOT :plain
                AND (:anyParent OR parent = CAST(:parent AS UUID))
                AND (:anyTag OR list_contains(tags, :tag))))
         AND ended.born_ms BETWEEN :fromMs AND :beforeMs
         AND (:fromNewest OR ended.task < CAST(:before AS UUID))
         AND (replay.v IS NULL OR replay.v < ended.v)
       ORDER BY ended.born_ms DESC, ended.task DESC
       LIMIT :limit
      """;

  private static Argument kinds(TaskState state) {
    List<RunEnd.Kind> kinds =
        Arrays.stream(RunEnd.Kind.values()).filter(kind -> ends(kind, state)).toList();
    return Columns.ints(kinds, RunEnd.Kind::code);
  }

  private static boolean ends(RunEnd.Kind kind, TaskState state) {
    return switch (kind) {
      case COMPLETED -> state == TaskState.COMPLETED;
      case FAILED, LOST -> state == TaskState.FAILED;
      case CANCELLED, UPSTREAM_FAILED -> state == TaskState.CANCELLED;
      case TIMED_OUT -> state == TaskState.TIMED_OUT;
      case RELEASED, SUSPENDED -> false;
    };
  }

  private boolean isPlain() {
    return filter.parent() == null && filter.tag() == null;
  }

  private Query bind(Query query, @Nullable List<Integer> wanted) {
    TaskId before = filter.before();
    TaskId parent = filter.parent();
    String tag = filter.tag();
    return query
        .bind("allLanes", wanted == null)
        .bind("lanes", Columns.ints(wanted == null ? List.of() : wanted, lane -> lane))
        .bind("anyParent", parent == null)
        .bind("parent", parent == null ? LAST.toString() : parent.toString())
        .bind("anyTag", tag == null)
        .bind("tag", tag == null ? "" : tag)
        .bind("fromNewest", before == null)
        .bind("before", before == null ? LAST.toString() : before.toString())
        .bind("beforeMs", before == null ? Long.MAX_VALUE : Columns.bornMs(before))
        .bind("limit", limit);
  }
}
