package dev.holdfast.duckdb.row;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The lanes, kept in memory: they are few and never change.
 *
 * <p>Safe for concurrent reads; only the writer adds. A lane is added before its transaction
 * commits, so that a reader who sees a task knows its lane, and taken out when it rolls back.
 */
public final class Lanes {

  private final Map<Integer, LaneKey> keys = new ConcurrentHashMap<>();
  private final Map<LaneKey, Integer> numbers = new ConcurrentHashMap<>();

  /** Reads them anew; nobody else may look meanwhile. */
  public void load(Handle handle) {
    keys.clear();
    numbers.clear();
    after(handle, 0).forEach(this::add);
  }

  private static final String AFTER = """
      SELECT number, namespace, queue, type, needs
        FROM lane
       WHERE number > :number
       ORDER BY number
      """;

  /** The lanes behind this number, in the order of their numbers. */
  public static List<Lane> after(Handle handle, int number) {
    return handle
        .createQuery(AFTER)
        .bind("number", number)
        .map((row, context) -> read(row))
        .list();
  }

  private static Lane read(ResultSet row) throws SQLException {
    TaskAddress address = new TaskAddress(
        new Namespace(Cells.text(row, "namespace")),
        new QueueName(Cells.text(row, "queue")),
        new TypeName(Cells.text(row, "type")));
    Constraints needs = Constraints.parse(Cells.text(row, "needs"));
    return new Lane(row.getInt("number"), new LaneKey(address, needs));
  }

  /** The lane of this number, which must exist. */
  public LaneKey key(int number) {
    return Objects.requireNonNull(keys.get(number), () -> "there is no lane " + number);
  }

  /** The number of this lane, which must exist. */
  public int number(LaneKey key) {
    return Objects.requireNonNull(numbers.get(key), () -> "there is no lane for " + key);
  }

  /** The lanes that a filter on address parts leaves; null when it leaves all. */
  public @Nullable List<Integer> matching(TaskFilter filter) {
    if (filter.namespace() == null && filter.queue() == null && filter.type() == null) {
      return null;
    }
    List<Integer> matching = new ArrayList<>();
    keys.forEach((number, key) -> {
      TaskAddress address = key.address();
      if (same(filter.namespace(), address.namespace())
          && same(filter.queue(), address.queue())
          && same(filter.type(), address.type())) {
        matching.add(number);
      }
    });
    return matching;
  }

  private static boolean same(@Nullable Object wanted, Object actual) {
    return wanted == null || wanted.equals(actual);
  }

  /** Writes those lanes that do not exist yet; returns them. */
  public List<Lane> create(Handle handle, Collection<LaneKey> wanted) {
    Set<LaneKey> missing = new LinkedHashSet<>(wanted);
    missing.removeAll(numbers.keySet());
    List<Lane> created = new ArrayList<>();
    for (LaneKey key : missing) {
      created.add(new Lane(keys.size() + created.size() + 1, key));
    }
    if (!created.isEmpty()) {
      insert(handle, created);
      created.forEach(this::add);
    }
    return created;
  }

  private static final String INSERT = """
      INSERT INTO lane (number, namespace, queue, type, needs)
      SELECT unnest(:numbers), unnest(:namespaces), unnest(:queues), unnest(:types),
             unnest(:needs)
      """;

  private static void insert(Handle handle, List<Lane> lanes) {
    handle
        .createUpdate(INSERT)
        .bind("numbers", Columns.ints(lanes, Lane::number))
        .bind(
            "namespaces", Columns.texts(lanes, lane -> address(lane).namespace().value()))
        .bind("queues", Columns.texts(lanes, lane -> address(lane).queue().value()))
        .bind("types", Columns.texts(lanes, lane -> address(lane).type().value()))
        .bind("needs", Columns.texts(lanes, lane -> lane.key().constraints().canonical()))
        .execute();
  }

  private static TaskAddress address(Lane lane) {
    return lane.key().address();
  }

  private void add(Lane lane) {
    keys.put(lane.number(), lane.key());
    numbers.put(lane.key(), lane.number());
  }

  /** Forgets lanes whose transaction was rolled back. */
  public void remove(List<Lane> lanes) {
    for (Lane lane : lanes) {
      keys.remove(lane.number());
      numbers.remove(lane.key());
    }
  }
}
