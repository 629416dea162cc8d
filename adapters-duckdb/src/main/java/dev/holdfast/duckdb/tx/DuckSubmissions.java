package dev.holdfast.duckdb.tx;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.row.Seat;
import dev.holdfast.duckdb.row.TaskRows;
import dev.holdfast.duckdb.writer.Counters;
import dev.holdfast.duckdb.writer.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** New tasks and their keys. */
public record DuckSubmissions(Transaction tx) implements Submissions {

  private static final String TAKE = """
      INSERT INTO idempotency (namespace, key, task, fingerprint)
      SELECT unnest(:namespaces), unnest(:keys), unnest(:tasks), unnest(:fingerprints)
          ON CONFLICT DO NOTHING
      RETURNING namespace, key
      """;

  @Override
  public List<KeyOwner> takeKeys(Collection<KeyOwner> wanted) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    Set<Key> taken = new HashSet<>(tx.handle()
        .createQuery(TAKE)
        .bind("namespaces", Columns.texts(wanted, owner -> owner.namespace().value()))
        .bind("keys", Columns.texts(wanted, KeyOwner::key))
        .bind("tasks", Columns.ids(wanted, KeyOwner::task))
        .bind("fingerprints", Columns.texts(wanted, KeyOwner::fingerprint))
        .map((row, context) -> new Key(Cells.text(row, "namespace"), Cells.text(row, "key")))
        .list());
    return owners(
        wanted.stream().filter(owner -> !taken.contains(Key.of(owner))).toList());
  }

  private record Key(String namespace, String key) {

    static Key of(KeyOwner owner) {
      return new Key(owner.namespace().value(), owner.key());
    }
  }

  private static final String OWNERS = """
      SELECT present.namespace, present.key, present.task, present.fingerprint
        FROM idempotency present
        JOIN (SELECT unnest(:namespaces) AS namespace, unnest(:keys) AS key) wanted
          ON wanted.namespace = present.namespace AND wanted.key = present.key
      """;

  private List<KeyOwner> owners(List<KeyOwner> wanted) {
    return wanted.isEmpty()
        ? List.of()
        : tx.handle()
            .createQuery(OWNERS)
            .bind("namespaces", Columns.texts(wanted, owner -> owner.namespace().value()))
            .bind("keys", Columns.texts(wanted, KeyOwner::key))
            .map((row, context) -> read(row))
            .list();
  }

  private static KeyOwner read(ResultSet row) throws SQLException {
    return new KeyOwner(
        new Namespace(Cells.text(row, "namespace")),
        Cells.text(row, "key"),
        Cells.task(row, "task"),
        Cells.text(row, "fingerprint"));
  }

  private static final String RELEASE = """
      DELETE FROM idempotency present
       USING (SELECT unnest(:namespaces) AS namespace, unnest(:keys) AS key,
                     unnest(:tasks) AS task) taken
       WHERE taken.namespace = present.namespace
         AND taken.key = present.key
         AND taken.task = present.task
      """;

  @Override
  public void releaseKeys(Collection<KeyOwner> taken) {
    if (!taken.isEmpty()) {
      tx.handle()
          .createUpdate(RELEASE)
          .bind("namespaces", Columns.texts(taken, owner -> owner.namespace().value()))
          .bind("keys", Columns.texts(taken, KeyOwner::key))
          .bind("tasks", Columns.ids(taken, KeyOwner::task))
          .execute();
    }
  }

  @Override
  public void create(Collection<Birth> births) {
    List<Birth> fresh = withoutExisting(births);
    if (fresh.isEmpty()) {
      return;
    }
    tx.createLanes(fresh.stream().map(birth -> birth.definition().lane()).toList());
    TaskRows.insert(tx.handle(), fresh, tx.lanes(), tx.xid());
    List<PlaceRows.Row> places = new ArrayList<>();
    for (Birth birth : fresh) {
      Seat seat = seat(birth.definition());
      tx.remember(birth.definition().id(), seat);
      if (birth.place() != null) {
        places.add(new PlaceRows.Row(seat, birth.place()));
      }
    }
    PlaceRows.put(tx.handle(), places);
  }

  private List<Birth> withoutExisting(Collection<Birth> births) {
    Map<TaskId, Birth> fresh = new LinkedHashMap<>();
    births.forEach(birth -> fresh.putIfAbsent(birth.definition().id(), birth));
    Counters counters = tx.counters();
    List<TaskId> known = fresh.keySet().stream()
        .filter(task -> Columns.bornMs(task) <= counters.youngestMs())
        .toList();
    if (!known.isEmpty()) {
      fresh.keySet().removeAll(TaskRows.existing(tx.handle(), known));
    }
    fresh.keySet().forEach(task -> counters.wrote(Columns.bornMs(task)));
    return List.copyOf(fresh.values());
  }

  private Seat seat(TaskDefinition task) {
    return Seat.of(tx.lanes().number(task.lane()), task);
  }
}
