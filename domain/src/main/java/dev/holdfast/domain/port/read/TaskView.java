package dev.holdfast.domain.port.read;

import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskError;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task as it stands.
 *
 * @param payload null in lists
 * @param attempt attempts spent or running; 0 before the first claim
 * @param version the number of its newest event
 * @param lease its holder, or its last holder; null before the first claim
 * @param cancelRequested whether its running handler was asked to stop
 * @param dueAt of a scheduled task
 * @param result of a completed task; null in lists
 * @param error of a task that ended badly, or of the last failed attempt of a live one
 * @param queuePosition counts from 1 within its lane; null unless pending, and in lists. Counted
 *     to {@value #MAX_POSITION} at most
 */
public record TaskView(
    TaskDefinition definition,
    @Nullable Json payload,
    TaskState state,
    int attempt,
    int version,
    @Nullable Lease lease,
    @Nullable Progress progress,
    boolean cancelRequested,
    @Nullable Instant dueAt,
    @Nullable Instant expiresAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Json result,
    @Nullable TaskError error,
    List<Dependencies.Edge> dependsOn,
    @Nullable Integer queuePosition) {

  /** Queue positions are not counted further than this. */
  public static final int MAX_POSITION = 10_000;

  public TaskView {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(state, "state");
    dependsOn = List.copyOf(dependsOn);
  }

  /** The same of a task that was asked to stop; one that has ended since does not tell any more. */
  public TaskView askedToStop() {
    return new TaskView(
        definition,
        payload,
        state,
        attempt,
        version,
        lease,
        progress,
        true,
        dueAt,
        expiresAt,
        startedAt,
        finishedAt,
        result,
        error,
        dependsOn,
        queuePosition);
  }

  /**
   * Who holds or last held it.
   *
   * @param fence the run number
   */
  public record Lease(NodeId node, int fence, Instant claimedAt) {}
}
