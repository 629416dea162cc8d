package dev.holdfast.postgres.submit;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Fault;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.TaskFlags;
import dev.holdfast.postgres.tx.Positions;
import dev.holdfast.postgres.tx.Positions.Position;
import dev.holdfast.postgres.tx.PostgresPlaces;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** New tasks and their keys. */
public final class PostgresSubmissions implements Submissions {

  private static final Comparator<KeyOwner> BY_KEY =
      Comparator.comparing(KeyOwner::namespace).thenComparing(KeyOwner::key);
  private static final Comparator<Birth> BY_ID =
      Comparator.comparing(birth -> birth.definition().id());

  private static final String LOAD = "load";

  private final Handle handle;
  private final Lanes lanes;
  private final Positions positions;
  private final Notice notice;
  private final NewTasks newTasks;
  private final Set<KeyOwner> ours = new HashSet<>();

  /** On a handle whose transaction, if it has one, somebody else ends. */
  public PostgresSubmissions(Handle handle, Lanes lanes, Positions positions, Notice notice) {
    this.handle = handle;
    this.lanes = lanes;
    this.positions = positions;
    this.notice = notice;
    this.newTasks = new NewTasks(handle, lanes);
  }

  // Sorted, so that two batches with the same keys wait for each other instead of deadlocking.
  private static final String TAKE_KEYS = """
      INSERT INTO idem(ns, key, task, fingerprint)
      SELECT ns, key, task, fingerprint
        FROM unnest(:ns, :keys, :tasks, :fingerprints) i(ns, key, task, fingerprint)
      ON CONFLICT DO NOTHING
      RETURNING ns, key, task, fingerprint
      """;

  @Override
  public List<KeyOwner> takeKeys(Collection<KeyOwner> wanted) {
    List<KeyOwner> sorted = wanted.stream().sorted(BY_KEY).toList();
    Set<KeyOwner> taken = Set.copyOf(bind(handle.createQuery(TAKE_KEYS), sorted)
        .map((set, context) -> owner(new Row(set)))
        .list());
    ours.addAll(taken);
    List<KeyOwner> lost =
        sorted.stream().filter(owner -> !taken.contains(owner)).toList();
    return lost.isEmpty() ? List.of() : owners(lost);
  }

  private static final String OWNERS = """
      SELECT o.ns, o.key, o.task, o.fingerprint
        FROM unnest(:ns, :keys) i(ns, key)
        JOIN idem o ON o.ns = i.ns AND o.key = i.key
      """;

  /** In a statement of its own, which sees what the insertion waited for. */
  private List<KeyOwner> owners(List<KeyOwner> keys) {
    var query = handle.createQuery(OWNERS);
    Columns.of(query, keys)
        .texts("ns", owner -> owner.namespace().value())
        .texts("keys", KeyOwner::key);
    return query.map((set, context) -> owner(new Row(set))).list();
  }

  private static final String RELEASE_KEYS = """
      DELETE FROM idem o USING unnest(:ns, :keys, :tasks) i(ns, key, task)
       WHERE o.ns = i.ns AND o.key = i.key AND o.task = i.task
      """;

  @Override
  public void releaseKeys(Collection<KeyOwner> taken) {
    var update = handle.createUpdate(RELEASE_KEYS);
    Columns.of(update, taken.stream().filter(ours::contains).sorted(BY_KEY).toList())
        .texts("ns", owner -> owner.namespace().value())
        .texts("keys", KeyOwner::key)
        .uuids("tasks", owner -> owner.task().value());
    update.execute();
  }

  @Override
  public void create(Collection<Birth> births) {
    createAndTell(births, Notice.NONE);
  }

  @Override
  public boolean createAndTell(Collection<Birth> births) {
    return createAndTell(births, notice);
  }

  /** Tells only where it takes no statement more, and answers whether it did. */
  private boolean createAndTell(Collection<Birth> births, Notice wanted) {
    if (births.isEmpty()) {
      return false;
    }
    List<Birth> sorted = births.stream().sorted(BY_ID).toList();
    if (!handle.isInTransaction() && NewTasks.areAlike(sorted)) {
      lanes.resolve(handle, List.of(lane(sorted.getFirst())));
      boolean isTold = createAlike(sorted, wanted);
      mayBeFirst(sorted.subList(0, 1));
      return isTold;
    }
    lanes.resolve(
        handle, sorted.stream().map(PostgresSubmissions::lane).distinct().toList());
    createAny(sorted);
    mayBeFirst(sorted);
    return false;
  }

  private static LaneKey lane(Birth birth) {
    return birth.definition().lane();
  }

  /**
   * Looks for those that exist already, by a try whose answer was lost, only when it must; and
   * refuses nothing because others cannot be told.
   */
  private boolean createAlike(List<Birth> births, Notice wanted) {
    try {
      newTasks.insertAlike(births, wanted);
      return wanted.isSent();
    } catch (RuntimeException e) {
      if (wanted.isSent() && Fault.isNoticesFull(e)) {
        return createAlike(births, Notice.NONE);
      }
      Fault.requireDuplicate(e);
      newTasks.insert(births);
      return false;
    }
  }

  private void createAny(List<Birth> births) {
    boolean tellPlaces = births.stream().allMatch(TaskFlags::tellPlace);
    boolean isOneStatement = tellPlaces && births.size() < BulkLoad.LEAST;
    if (isOneStatement) {
      newTasks.insert(births);
    } else if (handle.isInTransaction()) {
      createWithin(births, tellPlaces);
    } else {
      Database.within(handle, own -> {
        createWithin(births, tellPlaces);
        return births;
      });
    }
  }

  private void createWithin(List<Birth> births, boolean tellPlaces) {
    if (tellPlaces) {
      load(births);
    } else {
      insert(births);
    }
  }

  private void load(List<Birth> births) {
    handle.savepoint(LOAD);
    try {
      new BulkLoad(handle, lanes).load(births);
    } catch (BulkLoad.LoadFailed e) {
      Fault.requireDuplicate(e);
      handle.rollbackToSavepoint(LOAD);
      newTasks.insert(births);
    }
  }

  private void insert(List<Birth> births) {
    Map<TaskId, Place> places = new HashMap<>();
    for (Birth birth : births) {
      if (birth.place() != null && !TaskFlags.tellPlace(birth)) {
        places.put(birth.definition().id(), birth.place());
      }
    }
    places.keySet().retainAll(newTasks.insert(births));
    if (!places.isEmpty()) {
      new PostgresPlaces(handle, positions).put(places.values());
    }
  }

  /** In each lane the first of these may be the first of all. */
  private void mayBeFirst(List<Birth> births) {
    Map<LaneKey, Position> firsts = new HashMap<>();
    for (Birth birth : births) {
      TaskDefinition task = birth.definition();
      firsts.merge(
          task.lane(),
          new Position(task.priority(), task.order()),
          BinaryOperator.minBy(Comparator.naturalOrder()));
    }
    firsts.forEach((lane, first) -> positions.put(lanes.number(lane), first));
  }

  private static <S extends SqlStatement<S>> S bind(S statement, List<KeyOwner> keys) {
    Columns.of(statement, keys)
        .texts("ns", owner -> owner.namespace().value())
        .texts("keys", KeyOwner::key)
        .uuids("tasks", owner -> owner.task().value())
        .texts("fingerprints", KeyOwner::fingerprint);
    return statement;
  }

  private static KeyOwner owner(Row row) throws SQLException {
    return new KeyOwner(
        new Namespace(row.text("ns")),
        row.text("key"),
        new TaskId(row.uuid("task")),
        row.text("fingerprint"));
  }
}
