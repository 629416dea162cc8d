package dev.holdfast.duckdb.row;

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
import dev.holdfast.duckdb.db.Appending;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of the table of tasks, written and read. */
public final class TaskRows {

  /** A task that was born scheduled: its first two events are told by this row. */
  public static final int BORN_SCHEDULED = 1;

  private TaskRows() {}

  private static final String EXISTING = """
      SELECT id
        FROM task
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS id) wanted
       USING (born_ms, id)
      """;

  /** Those of these tasks that exist. */
  public static Set<TaskId> existing(Handle handle, Collection<TaskId> tasks) {
    return new HashSet<>(Columns.bindTasks(handle.createQuery(EXISTING), tasks)
        .map((row, context) -> Cells.task(row, "id"))
        .list());
  }

  /** Appends new tasks of existing lanes. */
  public static void insert(Handle handle, List<Birth> births, Lanes lanes, long xid) {
    Appending.append(handle, "task", births, (to, birth) -> {
      TaskDefinition task = birth.definition();
      to.id(task.id().value())
          .number(Columns.bornMs(task.id()))
          .integer(lanes.number(task.lane()))
          .integer(task.priority())
          .number(task.order())
          .integer(birth.place() instanceof Place.Scheduled ? BORN_SCHEDULED : 0)
          .instant(task.createdAt())
          .instant(task.dueAt());
      policy(to, task.policy());
      identity(to, task.identity());
      to.text(birth.payload().text()).number(xid);
    });
  }

  private static void policy(Appending to, RunPolicy policy) {
    RetryPolicy retry = policy.retry();
    to.integer(policy.maxAttempts())
        .text(retry.strategy().name())
        .number(Cells.nanos(retry.base()))
        .number(Cells.nanos(retry.cap()))
        .fraction(retry.jitter())
        .texts(retry.nonRetryable())
        .number(Cells.nanos(policy.timeout()))
        .number(Cells.nanos(policy.expiresIn()))
        .text(policy.onWorkerLoss().name());
  }

  private static void identity(Appending to, TaskDefinition.Identity identity) {
    TaskId parent = identity.parent();
    to.text(identity.idempotencyKey())
        .id(parent == null ? null : parent.value())
        .text(identity.ref())
        .texts(identity.tags());
  }

  /**
   * A task as it was submitted.
   *
   * @param payload null when it was not asked for
   * @param bornScheduled whether its first two events are told by its row
   */
  public record Stored(TaskDefinition definition, @Nullable Json payload, boolean bornScheduled) {

    /** Which task it is. */
    public TaskId id() {
      return definition.id();
    }
  }

  private static final String FIND = """
      SELECT id, lane, priority, flags, created_us, due_us, max_attempts, retry_strategy,
             retry_base_ns, retry_cap_ns, retry_jitter, non_retryable, timeout_ns,
             expires_in_ns, on_worker_loss, idempotency_key, parent, ref, tags,
             CASE WHEN :withPayloads THEN payload END AS payload
        FROM task
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS id) wanted
       USING (born_ms, id)
      """;

  /** Those of these tasks that exist, in no order. */
  public static List<Stored> find(
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
