package dev.holdfast.domain.task;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a task that never changes, without its payload. Written once.
 *
 * @param identity how others refer to it
 * @param createdAt by the storage's clock, microsecond precision
 * @param dueAt the first due time when it was in the future at creation, else null
 */
public record TaskDefinition(
    TaskId id,
    TaskAddress address,
    int priority,
    RunPolicy policy,
    Constraints constraints,
    Identity identity,
    Instant createdAt,
    @Nullable Instant dueAt) {

  /** How others refer to a task: its names and its place in a hierarchy. */
  public record Identity(
      @Nullable String idempotencyKey,
      @Nullable TaskId parent,
      @Nullable String ref,
      List<String> tags) {

    /** No key, parent, ref or tag. */
    public static final Identity NONE = new Identity(null, null, null, List.of());

    public Identity {
      tags = List.copyOf(tags);
    }
  }

  public TaskDefinition {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(constraints, "constraints");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(createdAt, "createdAt");
  }

  /** The lane it waits in whenever it is pending. */
  public LaneKey lane() {
    return new LaneKey(address, constraints);
  }

  /**
   * Its position among the tasks of one lane and priority: microseconds of the first due time,
   * kept for life, so that a task whose node died keeps its place in the order.
   */
  public long order() {
    Instant first = dueAt == null ? createdAt : dueAt;
    return Math.addExact(
        Math.multiplyExact(first.getEpochSecond(), 1_000_000L), first.getNano() / 1000);
  }

  /** When it expires if it starts its life at {@code now}; null when it never does. */
  public @Nullable Instant expiryFrom(Instant now) {
    Duration expiresIn = policy.expiresIn();
    if (expiresIn == null) {
      return null;
    }
    return (dueAt != null && dueAt.isAfter(now) ? dueAt : now).plus(expiresIn);
  }
}
