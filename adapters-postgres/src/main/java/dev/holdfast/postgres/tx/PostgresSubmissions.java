package dev.holdfast.postgres.tx;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.tx.Positions.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** New tasks and their keys. */
final class PostgresSubmissions implements Submissions {

  private static final Comparator<KeyOwner> BY_KEY =
      Comparator.comparing(KeyOwner::namespace).thenComparing(KeyOwner::key);
  private static final Comparator<Birth> BY_ID =
      Comparator.comparing(birth -> birth.definition().id());

  private static final String LOAD = "load";

  private final Handle handle;
  private final Lanes lanes;
  private final Positions positions;
  private final Set<KeyOwner> ours = new HashSet<>();

  PostgresSubmissions(Handle handle, Lanes lanes, Positions positions) {
    this.handle = handle;
    this.lanes = lanes;
    this.positions = positions;
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
    lanes.resolve(
        births.stream().map(birth -> birth.definition().lane()).distinct().toList());
    var groups =
        births.stream().sorted(BY_ID).collect(Collectors.partitioningBy(TaskFlags::tellPlace));
    createPlain(Objects.requireNonNull(groups.get(true)));
    createPlaced(Objects.requireNonNull(groups.get(false)));
  }

  // What the places need is in the task row, so nothing is joined with the batch again.
  private static final String CREATE = """
      WITH t AS (
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, due_at, created_at,
               retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable, timeout,
               expires_in, parent, key, ref, tags, payload)
        SELECT id, lane, priority, ord, max_attempts, flags, due_at, created_at,
               retry_strategy, retry_base, retry_cap, retry_jitter,
               CAST(non_retryable AS text[]), timeout,
               expires_in, parent, key, ref, CAST(tags AS text[]), payload
          FROM unnest(:ids, :lanes, :priorities, :ords, :maxAttempts, :flags, :dueAts,
               :createdAts, :retryStrategies, :retryBases, :retryCaps, :retryJitters,
               :nonRetryables, :timeouts, :expiresIns, :parents, :keys, :refs, :tags, :payloads)
               i(id, lane, priority, ord, max_attempts, flags, due_at, created_at,
               retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable, timeout,
               expires_in, parent, key, ref, tags, payload)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, lane, priority, ord, flags, due_at),
      s AS (
        INSERT INTO scheduled(task, due_at, run, attempt, v, flags)
        SELECT id, due_at, 1, 1, 2, flags & 255 FROM t WHERE flags & 512 <> 0)
      INSERT INTO ready(lane, priority, ord, task, run, attempt, v, flags)
      SELECT lane, priority, ord, id, 1, 1, 1, flags & 255 FROM t WHERE flags & 256 <> 0
      """;

  private void createPlain(List<Birth> births) {
    if (births.isEmpty()) {
      return;
    }
    if (births.size() < BulkLoad.LEAST) {
      insert(births);
    } else if (handle.isInTransaction()) {
      loadWithin(births);
    } else {
      load(births);
    }
    mayBeFirst(births);
  }

  private void insert(List<Birth> births) {
    bindTasks(handle.createUpdate(CREATE), births).execute();
  }

  /** Some of them may exist already, by a try whose answer was lost. */
  private void load(List<Birth> births) {
    try {
      handle.useTransaction(own -> new BulkLoad(own, lanes).load(births));
    } catch (BulkLoad.LoadFailed e) {
      e.throwUnlessDuplicate();
      insert(births);
    }
  }

  private void loadWithin(List<Birth> births) {
    handle.savepoint(LOAD);
    try {
      new BulkLoad(handle, lanes).load(births);
    } catch (BulkLoad.LoadFailed e) {
      e.throwUnlessDuplicate();
      handle.rollbackToSavepoint(LOAD);
      insert(births);
    }
  }

  private static final String CREATE_WITHOUT_PLACE = """
      INSERT INTO task(id, lane, priority, ord, max_attempts, flags, due_at, created_at,
             retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable, timeout,
             expires_in, parent, key, ref, tags, payload)
      SELECT id, lane, priority, ord, max_attempts, flags, due_at, created_at,
             retry_strategy, retry_base, retry_cap, retry_jitter,
             CAST(non_retryable AS text[]), timeout,
             expires_in, parent, key, ref, CAST(tags AS text[]), payload
        FROM unnest(:ids, :lanes, :priorities, :ords, :maxAttempts, :flags, :dueAts,
             :createdAts, :retryStrategies, :retryBases, :retryCaps, :retryJitters,
             :nonRetryables, :timeouts, :expiresIns, :parents, :keys, :refs, :tags, :payloads)
             i(id, lane, priority, ord, max_attempts, flags, due_at, created_at,
             retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable, timeout,
             expires_in, parent, key, ref, tags, payload)
      ON CONFLICT (id) DO NOTHING
      RETURNING id
      """;

  private void createPlaced(List<Birth> births) {
    if (births.isEmpty()) {
      return;
    }
    Map<TaskId, Place> places = births.stream()
        .map(birth -> Objects.requireNonNull(birth.place()))
        .collect(Collectors.toMap(place -> place.run().task(), Function.identity()));
    List<Place> created = bindTasks(handle.createQuery(CREATE_WITHOUT_PLACE), births)
        .map((set, context) -> new TaskId(new Row(set).uuid("id")))
        .stream()
        .map(task -> Objects.requireNonNull(places.get(task)))
        .toList();
    new PostgresPlaces(handle, positions).put(created);
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

  private <S extends SqlStatement<S>> S bindTasks(S statement, List<Birth> births) {
    Columns.of(statement, births)
        .ints("lanes", birth -> lanes.number(birth.definition().lane()))
        .smallints("flags", TaskFlags::of)
        .texts("payloads", birth -> birth.payload().text());
    Columns<TaskDefinition> tasks =
        Columns.of(statement, births.stream().map(Birth::definition).toList());
    tasks
        .uuids("ids", task -> task.id().value())
        .smallints("priorities", TaskDefinition::priority)
        .longs("ords", TaskDefinition::order)
        .instants("dueAts", TaskDefinition::dueAt)
        .instants("createdAts", TaskDefinition::createdAt)
        .uuids("parents", task -> value(task.identity().parent()))
        .texts("keys", task -> task.identity().idempotencyKey())
        .texts("refs", task -> task.identity().ref())
        .lists("tags", task -> orNull(task.identity().tags()));
    bindPolicies(tasks);
    return statement;
  }

  private static void bindPolicies(Columns<TaskDefinition> tasks) {
    tasks
        .smallints("maxAttempts", task -> task.policy().maxAttempts())
        .longs("timeouts", task -> micros(task.policy().timeout()))
        .longs("expiresIns", task -> micros(task.policy().expiresIn()))
        .lists("nonRetryables", task -> orNull(task.policy().retry().nonRetryable()))
        .texts("retryStrategies", task -> own(task, retry -> retry.strategy().name()))
        .longs("retryBases", task -> own(task, retry -> micros(retry.base())))
        .longs("retryCaps", task -> own(task, retry -> micros(retry.cap())))
        .doubles("retryJitters", task -> own(task, RetryPolicy::jitter));
  }

  /** A member of the retry policy, unless it is the default policy. */
  private static <V> @Nullable V own(
      TaskDefinition task, Function<RetryPolicy, @Nullable V> member) {
    RetryPolicy retry = task.policy().retry();
    return TaskFlags.isDefault(retry) ? null : member.apply(retry);
  }

  private static <S extends SqlStatement<S>> S bind(S statement, List<KeyOwner> keys) {
    Columns.of(statement, keys)
        .texts("ns", owner -> owner.namespace().value())
        .texts("keys", KeyOwner::key)
        .uuids("tasks", owner -> owner.task().value())
        .texts("fingerprints", KeyOwner::fingerprint);
    return statement;
  }

  private static KeyOwner owner(Row row) throws java.sql.SQLException {
    return new KeyOwner(
        new Namespace(row.text("ns")),
        row.text("key"),
        new TaskId(row.uuid("task")),
        row.text("fingerprint"));
  }

  private static java.util.@Nullable UUID value(@Nullable TaskId task) {
    return task == null ? null : task.value();
  }

  private static @Nullable Long micros(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos() / 1000;
  }

  @SuppressWarnings("unchecked")
  private static @Nullable List<@Nullable String> orNull(List<String> values) {
    return values.isEmpty() ? null : (List<@Nullable String>) (List<?>) values;
  }
}
