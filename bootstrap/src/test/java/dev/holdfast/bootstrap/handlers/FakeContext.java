package dev.holdfast.bootstrap.handlers;

import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/** One attempt of a task that is nowhere stored. */
public record FakeContext(Json payload, int attempt, int fence, List<Upstream> upstream)
    implements TaskContext {

  public static FakeContext of(String payload) {
    return new FakeContext(new Json(payload), 1, 1, List.of());
  }

  public FakeContext inAttempt(int other) {
    return new FakeContext(payload, other, other, upstream);
  }

  /** The first attempt after a replay. */
  public FakeContext replayedAfter(int attempts) {
    return new FakeContext(payload, 1, attempts + 1, upstream);
  }

  public FakeContext after(Upstream... others) {
    return new FakeContext(payload, attempt, fence, List.of(others));
  }

  @Override
  public TaskDefinition task() {
    return new TaskDefinition(
        new TaskId(new UUID(0, 1)),
        TaskAddress.of("fake"),
        5,
        RunPolicy.DEFAULT,
        Constraints.NONE,
        TaskDefinition.Identity.NONE,
        Instant.EPOCH,
        null);
  }

  @Override
  public Instant deadline() {
    return null;
  }

  @Override
  public boolean isStopping() {
    return false;
  }

  @Override
  public void progress(double percent, String message) {}

  @Override
  public Json once(String key, Callable<Json> work) throws Exception {
    return work.call();
  }

  @Override
  public <T> T once(String key, Class<T> type, Callable<T> work) throws Exception {
    return work.call();
  }
}
