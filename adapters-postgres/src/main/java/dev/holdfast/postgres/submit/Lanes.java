package dev.holdfast.postgres.submit;

import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The numbers of lanes, each looked up once. Safe for concurrent use.
 *
 * <p>A new lane is made in a transaction of its own, on the caller's connection if that has none:
 * neither does a rollback of the caller leave a number here that does not exist, nor does the
 * caller's transaction see less than there is.
 */
public final class Lanes {

  private static final int AT_ONCE = 1000;

  private final Map<LaneKey, Integer> known = new ConcurrentHashMap<>();
  private final ReentrantLock looking = new ReentrantLock();
  private final Database aside;

  /**
   * Knows no lane yet.
   *
   * @param aside never waits for a connection that a caller of this holds
   */
  public Lanes(Database aside) {
    this.aside = aside;
  }

  /** The number of a lane that {@link #resolve} has seen. */
  int number(LaneKey lane) {
    Integer number = known.get(lane);
    if (number == null) {
      throw new IllegalStateException("lane was not resolved: " + lane);
    }
    return number;
  }

  /**
   * Looks up those of the lanes that are not known yet, and makes the ones that do not exist.
   *
   * @param handle does so itself if it is in no transaction
   */
  void resolve(Handle handle, Collection<LaneKey> lanes) {
    if (known.keySet().containsAll(lanes)) {
      return;
    }
    looking.lock();
    try {
      List<LaneKey> missing =
          lanes.stream().distinct().filter(lane -> !known.containsKey(lane)).toList();
      for (int from = 0; from < missing.size(); from += AT_ONCE) {
        add(handle, missing.subList(from, Math.min(from + AT_ONCE, missing.size())));
      }
    } finally {
      looking.unlock();
    }
  }

  private void add(Handle caller, List<LaneKey> missing) {
    Map<LaneKey, Integer> found = caller.isInTransaction()
        ? aside.transact(handle -> findOrCreate(handle, missing))
        : Database.within(caller, handle -> findOrCreate(handle, missing));
    if (found.size() != missing.size()) {
      throw new IllegalStateException("two lanes have the same digest of their constraints");
    }
    known.putAll(found);
  }

  private static Map<LaneKey, Integer> findOrCreate(Handle handle, List<LaneKey> missing) {
    Map<LaneKey, Integer> present = find(handle, missing);
    return present.size() == missing.size() ? present : create(handle, missing);
  }

  // One maker at a time: numbers become visible in their order, so who asks for the lanes after a
  // number never misses a smaller one.
  private static final String LOCK = "LOCK TABLE lane IN SHARE ROW EXCLUSIVE MODE";
  private static final String CREATE = """
      INSERT INTO lane(ns, queue, type, needs)
      SELECT i.ns, i.queue, i.type, i.needs
        FROM unnest(:ns, :queues, :types, :needs) i(ns, queue, type, needs)
       WHERE NOT EXISTS (SELECT FROM lane l
              WHERE l.ns = i.ns AND l.queue = i.queue AND l.type = i.type
                AND md5(l.needs) = md5(i.needs))
      ON CONFLICT DO NOTHING
      """;

  private static Map<LaneKey, Integer> create(Handle handle, List<LaneKey> missing) {
    handle.execute(LOCK);
    bind(handle.createUpdate(CREATE), missing).execute();
    return find(handle, missing);
  }

  private static final String FIND = """
      SELECT l.id, l.ns, l.queue, l.type, l.needs
        FROM unnest(:ns, :queues, :types, :needs) i(ns, queue, type, needs)
        JOIN lane l ON l.ns = i.ns AND l.queue = i.queue AND l.type = i.type
                   AND md5(l.needs) = md5(i.needs)
       WHERE l.needs = i.needs
      """;

  private static Map<LaneKey, Integer> find(Handle handle, List<LaneKey> missing) {
    return bind(handle.createQuery(FIND), missing)
        .map((set, context) -> lane(new Row(set)))
        .collect(Collectors.toMap(Lane::key, Lane::number));
  }

  /** A row of {@code lane}. */
  public static Lane lane(Row row) throws SQLException {
    return new Lane(row.integer("id"), Rows.lane(row));
  }

  private static <S extends SqlStatement<S>> S bind(S statement, List<LaneKey> lanes) {
    Columns.of(statement, lanes)
        .texts("ns", lane -> lane.address().namespace().value())
        .texts("queues", lane -> lane.address().queue().value())
        .texts("types", lane -> lane.address().type().value())
        .texts("needs", lane -> lane.constraints().canonical());
    return statement;
  }
}
