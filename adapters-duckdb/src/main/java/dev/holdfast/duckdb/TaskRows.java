package dev.holdfast.duckdb;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Rows of the table of tasks, written and read. */
final class TaskRows {

  /** A task that was born scheduled: its first two events are told by this row. */
  static final int BORN_SCHEDULED = 1;

  private TaskRows() {}

  private static final String EXISTING = """
      SELECT id
        FROM task
       WHERE born_ms BETWEEN :bornFrom AND :bornTo
         AND id IN (SELECT unnest(:tasks))
      """;

  /** Those of these tasks that exist. */
  static Set<TaskId> existing(Handle handle, Collection<TaskId> tasks) {
    return new HashSet<>(Columns.bindTasks(handle.createQuery(EXISTING), tasks)
        .map((row, context) -> Cells.task(row, "id"))
        .list());
  }

  private static final String INSERT = """
      INSERT INTO task (id, born_ms, lane, priority, ord, flags, created_us, due_us,
             max_attempts, retry_strategy, retry_base_ns, retry_cap_ns, retry_jitter,
             non_retryable, timeout_ns, expires_in_ns, on_worker_loss, idempotency_key, parent,
             ref, tags, payload, xid)
      SELECT unnest(:tasks), unnest(:born), unnest(:lanes), unnest(:priorities),
             unnest(:orders), unnest(:flags), unnest(:created), unnest(:dues),
             unnest(:maxAttempts), unnest(:strategies), unnest(:bases), unnest(:caps),
             unnest(:jitters), unnest(:nonRetryable), unnest(:timeouts), unnest(:expiries),
             unnest(:losses), unnest(:keys), unnest(:parents), unnest(:refs), unnest(:tags),
             unnest(:payloads), :xid
      """;

  /** Appends new tasks of existing lanes. */
  static void insert(Handle handle, List<Birth> births, Lanes lanes, long xid) {
    Update insert = handle
        .createUpdate(INSERT)
        .bind("tasks", Columns.ids(births, birth -> birth.definition().id()))
        .bind("born", Columns.born(births, birth -> birth.definition().id()))
        .bind(
            "lanes",
            Columns.ints(births, birth -> lanes.number(birth.definition().lane())))
        .bind("priorities", Columns.ints(births, birth -> birth.definition().priority()))
        .bind("orders", Columns.longs(births, birth -> birth.definition().order()))
        .bind("flags", Columns.ints(births, TaskRows::flags))
        .bind("created", Columns.instants(births, birth -> birth.definition().createdAt()))
        .bind("dues", Columns.instants(births, birth -> birth.definition().dueAt()))
        .bind("payloads", Columns.texts(births, birth -> birth.payload().text()))
        .bind("xid", xid);
    bindIdentity(insert, births);
    bindPolicy(insert, births);
    insert.execute();
  }

  private static int flags(Birth birth) {
    return birth.place() instanceof Place.Scheduled ? BORN_SCHEDULED : 0;
  }

  private static void bindIdentity(Update insert, List<Birth> births) {
    Function<Birth, TaskDefinition.Identity> identity =
        birth -> birth.definition().identity();
    insert
        .bind("keys", Columns.texts(births, birth -> identity.apply(birth).idempotencyKey()))
        .bind("parents", Columns.ids(births, birth -> identity.apply(birth).parent()))
        .bind("refs", Columns.texts(births, birth -> identity.apply(birth).ref()))
        .bind("tags", Columns.textLists(births, birth -> identity.apply(birth).tags()));
  }

  private static void bindPolicy(Update insert, List<Birth> births) {
    Function<Birth, RunPolicy> policy = birth -> birth.definition().policy();
    Function<Birth, RetryPolicy> retry = policy.andThen(RunPolicy::retry);
    insert
        .bind("maxAttempts", Columns.ints(births, birth -> policy.apply(birth).maxAttempts()))
        .bind(
            "strategies",
            Columns.texts(births, birth -> retry.apply(birth).strategy().name()))
        .bind("bases", Columns.longs(births, birth -> retry.apply(birth).base().toNanos()))
        .bind("caps", Columns.longs(births, birth -> retry.apply(birth).cap().toNanos()))
        .bind("jitters", Columns.doubles(births, birth -> retry.apply(birth).jitter()))
        .bind(
            "nonRetryable",
            Columns.textLists(births, birth -> retry.apply(birth).nonRetryable()))
        .bind(
            "timeouts",
            Columns.longs(births, birth -> Cells.nanos(policy.apply(birth).timeout())))
        .bind(
            "expiries",
            Columns.longs(births, birth -> Cells.nanos(policy.apply(birth).expiresIn())))
        .bind(
            "losses",
            Columns.texts(births, birth -> policy.apply(birth).onWorkerLoss().name()));
  }

  /**
   * A task as it was submitted.
   *
   * @param payload null when it was not asked for
   * @param bornScheduled whether its first two events are told by its row
   */
  record Stored(TaskDefinition definition, @Nullable Json payload, boolean bornScheduled) {

    TaskId id() {
      return definition.id();
    }
  }

  private static final String FIND = """
      SELECT id, lane, priority, flags, created_us, due_us, max_attempts, retry_strategy,
             retry_base_ns, retry_cap_ns, retry_jitter, non_retryable, timeout_ns,
             expires_in_ns, on_worker_loss, idempotency_key, parent, ref, tags,
             CASE WHEN :withPayloads THEN payload END AS payload
        FROM task
       WHERE born_ms BETWEEN :bornFrom AND :bornTo
         AND id IN (SELECT unnest(:tasks))
      """;

  /** Those of these tasks that exist, in no order. */
  static List<Stored> find(
      Handle handle, Collection<TaskId> tasks, Lanes lanes, boolean withPayloads) {
    return tasks.isEmpty()
        ? List.of()
        : Columns.bindTasks(handle.createQuery(FIND), tasks)
            .bind("withPayloads", withPayloads)
            .map((row, context) -> readStored(row, lanes))
            .list();
  }

  private static Stored readStored(ResultSet row, Lanes lanes) throws SQLException {
    boolean bornScheduled = (row.getInt("flags") & BORN_SCHEDULED) != 0;
    return new Stored(read(row, lanes), Cells.jsonOrNull(row, "payload"), bornScheduled);
  }

  private static TaskDefinition read(ResultSet row, Lanes lanes) throws SQLException {
    LaneKey lane = lanes.key(row.getInt("lane"));
    return new TaskDefinition(
        Cells.task(row, "id"),
        lane.address(),
        row.getInt("priority"),
        readPolicy(row),
        lane.constraints(),
        readIdentity(row),
        Cells.instant(row, "created_us"),
        Cells.instantOrNull(row, "due_us"));
  }

  private static TaskDefinition.Identity readIdentity(ResultSet row) throws SQLException {
    return new TaskDefinition.Identity(
        row.getString("idempotency_key"),
        Cells.taskOrNull(row, "parent"),
        row.getString("ref"),
        Cells.texts(row, "tags"));
  }

  private static RunPolicy readPolicy(ResultSet row) throws SQLException {
    RetryPolicy retry = new RetryPolicy(
        BackoffStrategy.valueOf(Cells.text(row, "retry_strategy")),
        Duration.ofNanos(row.getLong("retry_base_ns")),
        Duration.ofNanos(row.getLong("retry_cap_ns")),
        row.getDouble("retry_jitter"),
        Cells.texts(row, "non_retryable"));
    return new RunPolicy(
        row.getInt("max_attempts"),
        retry,
        Cells.durationOrNull(row, "timeout_ns"),
        Cells.durationOrNull(row, "expires_in_ns"),
        WorkerLoss.valueOf(Cells.text(row, "on_worker_loss")));
  }
}
