package dev.holdfast.postgres.submit;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Wire;
import dev.holdfast.postgres.row.TaskFlags;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads a large batch of new tasks with {@code COPY}, which writes a page of rows at once and keeps
 * no list of them. It cannot leave out a task that exists already: then it fails as an insertion
 * does, and whoever expects that falls back on one.
 */
final class BulkLoad {

  /** Below this, the round trips cost more than they save. */
  static final int LEAST = 200;

  /** The server stores one piece while the next is written. */
  private static final int PIECE = 32 * 1024;

  private static final String TASKS = """
      COPY task(id, lane, priority, ord, max_attempts, flags, due_at, created_at, retry_strategy,
                retry_base, retry_cap, retry_jitter, non_retryable, timeout, expires_in, parent,
                key, ref, tags, payload)
      FROM STDIN (FORMAT binary)
      """;
  private static final String READY = """
      COPY ready(lane, priority, ord, task, run, attempt, v, flags) FROM STDIN (FORMAT binary)
      """;
  private static final String SCHEDULED = """
      COPY scheduled(task, lane, due_at, run, attempt, v, flags) FROM STDIN (FORMAT binary)
      """;

  private final Handle handle;
  private final Lanes lanes;
  private @Nullable LaneKey lastLane;
  private int lastNumber;

  BulkLoad(Handle handle, Lanes lanes) {
    this.handle = handle;
    this.lanes = lanes;
  }

  /** Stores tasks whose places follow from themselves, in the order of their ids. */
  void load(List<Birth> births) {
    copy(TASKS, births, this::task);
    load(READY, Place.Ready.class, births, this::ready);
    load(SCHEDULED, Place.Scheduled.class, births, this::scheduled);
  }

  private void load(
      String sql, Class<? extends Place> kind, List<Birth> births, BiConsumer<Wire, Birth> write) {
    List<Birth> there =
        births.stream().filter(birth -> kind.isInstance(birth.place())).toList();
    if (!there.isEmpty()) {
      copy(sql, there, write);
    }
  }

  /** Most batches are of one lane. */
  private int lane(TaskDefinition task) {
    LaneKey lane = task.lane();
    if (!lane.equals(lastLane)) {
      lastNumber = lanes.number(lane);
      lastLane = lane;
    }
    return lastNumber;
  }

  private void task(Wire row, Birth birth) {
    TaskDefinition task = birth.definition();
    row.row(20);
    row.uuid(task.id().value());
    row.integer(lane(task));
    row.smallint(task.priority());
    row.bigint(task.order());
    row.smallint(task.policy().maxAttempts());
    row.smallint(TaskFlags.of(birth));
    row.optional(task.dueAt(), Wire::instant);
    row.instant(task.createdAt());
    policy(row, task.policy());
    TaskDefinition.Identity identity = task.identity();
    row.optional(identity.parent(), BulkLoad::id);
    row.optional(identity.idempotencyKey(), Wire::text);
    row.optional(identity.ref(), Wire::text);
    list(row, identity.tags());
    row.text(birth.payload().text());
  }

  private static void policy(Wire row, RunPolicy policy) {
    RetryPolicy retry = policy.retry();
    if (TaskFlags.isDefault(retry)) {
      row.gap();
      row.gap();
      row.gap();
      row.gap();
    } else {
      row.text(retry.strategy().name());
      micros(row, retry.base());
      micros(row, retry.cap());
      row.real(retry.jitter());
    }
    list(row, retry.nonRetryable());
    micros(row, policy.timeout());
    micros(row, policy.expiresIn());
  }

  private void ready(Wire row, Birth birth) {
    TaskDefinition task = birth.definition();
    row.row(8);
    row.integer(lane(task));
    row.smallint(task.priority());
    row.bigint(task.order());
    row.uuid(task.id().value());
    row.integer(1);
    row.smallint(1);
    row.integer(1);
    row.smallint(TaskFlags.of(birth) & TaskFlags.MARKS);
  }

  private void scheduled(Wire row, Birth birth) {
    TaskDefinition task = birth.definition();
    row.row(7);
    row.uuid(task.id().value());
    row.integer(lane(task));
    row.instant(Objects.requireNonNull(task.dueAt()));
    row.integer(1);
    row.smallint(1);
    row.integer(2);
    row.smallint(TaskFlags.of(birth) & TaskFlags.MARKS);
  }

  private static void id(Wire row, TaskId task) {
    row.uuid(task.value());
  }

  private static void list(Wire row, List<String> values) {
    if (values.isEmpty()) {
      row.gap();
    } else {
      row.texts(values);
    }
  }

  private static void micros(Wire row, @Nullable Duration duration) {
    if (duration == null) {
      row.gap();
    } else {
      row.bigint(duration.toNanos() / 1000);
    }
  }

  private void copy(String sql, List<Birth> births, BiConsumer<Wire, Birth> write) {
    Wire rows = Wire.rows(PIECE * 2);
    try {
      CopyIn copy =
          handle.getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      try {
        for (Birth birth : births) {
          write.accept(rows, birth);
          rows.drain(PIECE, copy);
        }
        rows.end();
        rows.drain(0, copy);
        copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw new LoadFailed(e);
    }
  }

  /** Carries the database's error, for whoever knows what that means. */
  static final class LoadFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    LoadFailed(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
