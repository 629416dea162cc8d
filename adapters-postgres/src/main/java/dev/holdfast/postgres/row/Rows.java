package dev.holdfast.postgres.row;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Place.Lease;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns rows into what the domain speaks of. */
public final class Rows {

  private static final String SERIALIZATION_FAILURE = "40001";

  // Nearly all tasks have one of these, so that a hundred thousand of them in flight share it.
  private static final List<RunPolicy> PLAIN = IntStream.rangeClosed(1, RunPolicy.MAX_ATTEMPTS)
      .mapToObj(
          attempts -> new RunPolicy(attempts, RetryPolicy.DEFAULT, null, null, WorkerLoss.RETRY))
      .toList();

  private Rows() {}

  /** A task's id, or null for a gap. */
  public static @Nullable TaskId optionalTask(@Nullable UUID value) {
    return value == null ? null : new TaskId(value);
  }

  /** The columns of a lane. */
  public static LaneKey lane(Row row) throws SQLException {
    return new LaneKey(address(row), Constraints.parse(row.text("needs")));
  }

  /** The part of a lane that is every task's own. */
  public static TaskAddress address(Row row) throws SQLException {
    return new TaskAddress(
        new Namespace(row.text("ns")),
        new QueueName(row.text("queue")),
        new TypeName(row.text("type")));
  }

  /** The columns of a definition. */
  public static TaskDefinition definition(Row row, LaneKey lane) throws SQLException {
    return new TaskDefinition(
        new TaskId(row.uuid("id")),
        lane.address(),
        row.integer("priority"),
        policy(row),
        lane.constraints(),
        identity(row),
        row.instant("created_at"),
        row.optionalInstant("first_due_at"));
  }

  /** The columns of an identity. */
  public static TaskDefinition.Identity identity(Row row) throws SQLException {
    TaskDefinition.Identity identity = new TaskDefinition.Identity(
        row.optionalText("key"),
        optionalTask(row.optionalUuid("parent")),
        row.optionalText("ref"),
        row.texts("tags"));
    return identity.equals(TaskDefinition.Identity.NONE) ? TaskDefinition.Identity.NONE : identity;
  }

  /** The columns of a policy; nearly all tasks share theirs. */
  public static RunPolicy policy(Row row) throws SQLException {
    int attempts = row.integer("max_attempts");
    RetryPolicy retry = retry(row);
    Duration timeout = row.optionalMicros("timeout");
    Duration expiresIn = row.optionalMicros("expires_in");
    boolean fail = (row.integer("task_flags") & TaskFlags.FAIL_WHEN_LOST) != 0;
    boolean isPlain = retry.equals(RetryPolicy.DEFAULT) && timeout == null && expiresIn == null;
    return isPlain && !fail
        ? PLAIN.get(attempts - 1)
        : new RunPolicy(
            attempts, retry, timeout, expiresIn, fail ? WorkerLoss.FAIL : WorkerLoss.RETRY);
  }

  private static RetryPolicy retry(Row row) throws SQLException {
    String strategy = row.optionalText("retry_strategy");
    List<String> nonRetryable = row.texts("non_retryable");
    if (strategy == null) {
      return nonRetryable.isEmpty()
          ? RetryPolicy.DEFAULT
          : RetryPolicy.DEFAULT.withNonRetryable(nonRetryable);
    }
    Duration base = Objects.requireNonNull(row.optionalMicros("retry_base"));
    Duration cap = Objects.requireNonNull(row.optionalMicros("retry_cap"));
    double jitter = Objects.requireNonNull(row.optionalReal("retry_jitter"));
    return new RetryPolicy(BackoffStrategy.valueOf(strategy), base, cap, jitter, nonRetryable);
  }

  /**
   * The columns that every place has, and whether the row was written by a younger transaction.
   *
   * <p>The event stream is ordered by the numbers of transactions, so whoever writes the next event
   * of a task must have a greater number than whoever wrote the one before. A transaction that got
   * its number, waited, and then found a younger one's row is run again, with a new number.
   */
  public static Run run(Row row) throws SQLException {
    requireOlder(row);
    return new Run(
        new RunKey(new TaskId(row.uuid("task")), row.integer("run")),
        row.integer("attempt"),
        row.integer("v"),
        new Marks(row.integer("flags")));
  }

  /** Fails as a serialization failure does when the row was written by a younger transaction. */
  public static void requireOlder(Row row) throws SQLException {
    if (row.flag("late")) {
      throw new SQLException("a younger transaction has moved the task", SERIALIZATION_FAILURE);
    }
  }

  /** The columns of {@code held}. */
  public static Held held(Row row) throws SQLException {
    return new Held(
        run(row),
        new Lease(
            new ClaimId(row.number("claim")),
            new SessionId(row.number("session")),
            row.integer("assigned_v")),
        row.optionalInstant("started_at"),
        row.optionalInstant("deadline"),
        row.optionalText("cancel_reason"),
        progress(row));
  }

  /** A progress, or null where none was reported. */
  public static @Nullable Progress progress(Row row) throws SQLException {
    Double percent = row.optionalReal("percent");
    return percent == null ? null : new Progress(percent, row.optionalText("message"));
  }

  /** The columns of {@code run_end} but the result. */
  public static RunEnd end(Row row) throws SQLException {
    return new RunEnd(
        new RunKey(new TaskId(row.uuid("task")), row.integer("run")),
        RunEnd.Kind.of(row.integer("kind")),
        row.flag("final"),
        row.integer("attempt"),
        row.integer("v"),
        lease(row),
        start(row),
        row.instant("ended_at"),
        row.optionalInstant("next_at"),
        null,
        error(row.texts("error_types"), row.texts("error_messages"), row.texts("error_stacks")));
  }

  /** The columns of {@code note}. */
  public static Note note(Row row) throws SQLException {
    Long session = row.optionalNumber("session");
    return new Note(
        new TaskId(row.uuid("task")),
        row.integer("v"),
        Note.Kind.of(row.integer("kind")),
        row.instant("at"),
        row.integer("attempt"),
        session == null ? null : new SessionId(session),
        progress(row),
        row.optionalInstant("due_at"),
        row.optionalText("reason"));
  }

  private static @Nullable Lease lease(Row row) throws SQLException {
    Long claim = row.optionalNumber("claim");
    return claim == null
        ? null
        : new Lease(
            new ClaimId(claim), new SessionId(row.number("session")), row.integer("assigned_v"));
  }

  private static RunEnd.@Nullable Start start(Row row) throws SQLException {
    var at = row.optionalInstant("started_at");
    return at == null ? null : new RunEnd.Start(at, row.optionalInteger("started_v"));
  }

  /** An error from its levels, the outermost first; null when there is none. */
  public static @Nullable TaskError error(
      List<@Nullable String> types,
      List<@Nullable String> messages,
      List<@Nullable String> stacks) {
    TaskError error = null;
    for (int level = types.size() - 1; level >= 0; level--) {
      error = new TaskError(
          Objects.requireNonNull(types.get(level)),
          Objects.requireNonNull(messages.get(level)),
          level < stacks.size() ? stacks.get(level) : null,
          error);
    }
    return error;
  }

  /** A JSON text, or null for a gap. */
  public static @Nullable Json optionalJson(@Nullable String text) {
    return text == null ? null : new Json(text);
  }
}
