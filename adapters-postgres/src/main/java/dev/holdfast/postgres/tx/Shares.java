package dev.holdfast.postgres.tx;

import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.tx.Positions.Start;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Finds out, without locks, which lane gives how many tasks of a claim over several lanes.
 *
 * <p>It looks at the head of each lane only, and deeper where that does not tell: nothing behind
 * the last row seen of a lane that may have more is counted, so the lanes are merged exactly.
 */
record Shares(Handle handle) {

  private static final int LEAST_DEPTH = 8;
  private static final int SLACK = 4;
  private static final int DEEPER = 8;

  /** How many tasks each lane gives, from where it is to begin; at most {@code limit} together. */
  List<Share> of(List<Start> starts, int limit) {
    int depth = Math.min(limit, Math.max(LEAST_DEPTH, SLACK * limit / Math.max(1, starts.size())));
    Map<Start, Integer> depths = new LinkedHashMap<>();
    starts.forEach(start -> depths.put(start, depth));
    while (true) {
      List<Share> shares = peek(depths, limit);
      int total = shares.stream().mapToInt(Share::number).sum();
      List<Share> cut = shares.stream().filter(Share::cut).toList();
      if (total == limit || cut.isEmpty()) {
        return shares;
      }
      cut.forEach(share ->
          depths.computeIfPresent(share.start, (lane, seen) -> Math.min(limit, seen * DEEPER)));
    }
  }

  private static final String PEEK = """
      WITH peek AS MATERIALIZED (
        SELECT x.id AS lane, l.depth, p.priority, p.ord, p.task, p.k
          FROM unnest(:lanes, :depths, :priorities, :ords) l(lane, depth, priority, ord)
          JOIN lane x ON x.id = l.lane AND NOT x.paused
         CROSS JOIN LATERAL (
           SELECT priority, ord, task, row_number() OVER (ORDER BY priority, ord, task) AS k
             FROM (SELECT priority, ord, task FROM ready r
                    WHERE r.lane = x.id AND (r.priority, r.ord) >= (l.priority, l.ord)
                    ORDER BY priority, ord, task LIMIT l.depth) head) p),
      cut AS MATERIALIZED (
        SELECT lane, priority, ord, task FROM peek WHERE k = depth AND depth < :limit
         ORDER BY priority, ord, task LIMIT 1)
      SELECT lane, CAST(count(*) AS int) AS n,
             coalesce(lane = (SELECT lane FROM cut), false) AS cut
        FROM (SELECT lane FROM peek
               WHERE NOT EXISTS (SELECT FROM cut
                      WHERE (peek.priority, peek.ord, peek.task)
                            > (cut.priority, cut.ord, cut.task))
               ORDER BY priority, ord, task LIMIT :limit) q
       GROUP BY lane
      """;

  private List<Share> peek(Map<Start, Integer> depths, int limit) {
    Map<Integer, Start> byLane = new HashMap<>();
    depths.keySet().forEach(start -> byLane.put(start.lane(), start));
    Query query = handle.createQuery(PEEK).bind("limit", limit);
    Columns.of(query, depths.entrySet())
        .ints("lanes", entry -> entry.getKey().lane())
        .ints("depths", Map.Entry::getValue)
        .smallints("priorities", entry -> entry.getKey().position().priority())
        .longs("ords", entry -> entry.getKey().position().order());
    return query.map((set, context) -> share(new Row(set), byLane)).list();
  }

  private static Share share(Row row, Map<Integer, Start> byLane) throws SQLException {
    Start start = Objects.requireNonNull(byLane.get(row.integer("lane")));
    return new Share(start, row.integer("n"), row.flag("cut"));
  }

  /**
   * What one lane gives.
   *
   * @param cut whether it may have more, and nothing behind it could be counted
   */
  record Share(Start start, int number, boolean cut) {}
}
