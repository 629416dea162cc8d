package dev.holdfast.domain;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.UUID;

/** Values that any test may use when it does not matter which. */
public final class Samples {

  /** The first instant of every story. */
  public static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  /** A task. */
  public static final TaskId TASK = id(1);

  /** A node. */
  public static final NodeId NODE = new NodeId("alder");

  private Samples() {}

  /** A task id for each small number, in their order. */
  public static TaskId id(long number) {
    return new TaskId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number));
  }

  /** So many seconds after {@link #T0}. */
  public static Instant second(long seconds) {
    return T0.plusSeconds(seconds);
  }

  /** A task that is due at once, with the default policy. */
  public static TaskDefinition task() {
    return task(RunPolicy.DEFAULT, null);
  }

  /** A task with this policy. */
  public static TaskDefinition task(RunPolicy policy) {
    return task(policy, null);
  }

  /** A task with this policy and first due time. */
  public static TaskDefinition task(RunPolicy policy, Instant dueAt) {
    return new TaskDefinition(
        TASK,
        TaskAddress.of("echo"),
        5,
        policy,
        Constraints.NONE,
        TaskDefinition.Identity.NONE,
        T0,
        dueAt);
  }

  /** A lease whose event {@code assigned} has this number. */
  public static Place.Lease lease(int version) {
    return new Place.Lease(new ClaimId(7), new SessionId(3), version);
  }
}
