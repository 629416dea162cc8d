package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** How many tasks each lane gives; at most {@code limit} together. */
  Map<Integer, Integer> of(List<Lane> lanes, int limit) {
    int depth = Math.min(limit, Math.max(LEAST_DEPTH, SLACK * limit / Math.max(1, lanes.size())));
    Map<Integer, Integer> depths = new TreeMap<>();
    lanes.forEach(lane -> depths.put(lane.number(), depth));
    while (true) {
      List<Share> shares = peek(depths, limit);
      int total = shares.stream().mapToInt(Share::number).sum();
      List<Share> cut = shares.stream().filter(Share::cut).toList();
      if (total == limit || cut.isEmpty()) {
        Map<Integer, Integer> found = new TreeMap<>();
        shares.forEach(share -> found.put(share.lane, share.number));
        return found;
      }
      cut.forEach(share ->
          depths.computeIfPresent(share.lane, (lane, seen) -> Math.min(limit, seen * DEEPER)));
    }
  }

  private static final String PEEK = """
      WITH peek AS MATERIALIZED (
        SELECT x.id AS lane, l.depth, p.priority, p.ord, p.task, p.k
          FROM unnest(:lanes, :depths) l(lane, depth)
          JOIN lane x ON x.id = l.lane AND NOT x.paused
         CROSS JOIN LATERAL (
           SELECT priority, ord, task, row_number() OVER (ORDER BY priority, ord, task) AS k
             FROM (SELECT priority, ord, task FROM ready r WHERE r.lane = x.id
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

  private List<Share> peek(Map<Integer, Integer> depths, int limit) {
    Query query = handle.createQuery(PEEK).bind("limit", limit);
    Columns.of(query, depths.entrySet())
        .ints("lanes", Map.Entry::getKey)
        .ints("depths", Map.Entry::getValue);
    return query.map((set, context) -> share(new Row(set))).list();
  }

  private static Share share(Row row) throws SQLException {
    return new Share(row.integer("lane"), row.integer("n"), row.flag("cut"));
  }

  /**
   * What one lane gives.
   *
   * @param cut whether it may have more, and nothing behind it could be counted
   */
  private record Share(int lane, int number, boolean cut) {}
}
