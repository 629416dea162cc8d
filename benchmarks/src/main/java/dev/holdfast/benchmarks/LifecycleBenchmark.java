package dev.holdfast.benchmarks;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the decisions of the domain cost, without any storage. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class LifecycleBenchmark {

  private static final NodeId NODE = new NodeId("bench");

  private final Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final SplittableRandom random = new SplittableRandom(1);
  private final NewTask task = NewTask.of("echo", Json.EMPTY_OBJECT);
  private final TaskDefinition definition = new TaskDefinition(
      new TaskId(new UUID(0x7000L, 1)),
      task.address(),
      task.priority(),
      task.policy(),
      task.constraints(),
      TaskDefinition.Identity.NONE,
      now,
      null);
  private final Outcome completed = new Outcome.Completed(Json.EMPTY_OBJECT, now, now);
  private final Outcome failed = new Outcome.Failed(TaskError.of("boom", "no luck"), true, now);
  private final RunEnd end = Objects.requireNonNull(settle(completed).end());

  private Move settle(Outcome outcome) {
    Place.Ready ready = (Place.Ready) Lifecycle.born(definition, 0, Marks.NONE);
    Place.Lease lease = new Place.Lease(new ClaimId(1), new SessionId(1), 2);
    return Settlement.settle(definition, Lifecycle.claim(ready, lease), outcome, now, random);
  }

  /** Born, claimed, completed. */
  @Benchmark
  public Move completes() {
    return settle(completed);
  }

  /** Born, claimed, failed, to be tried again. */
  @Benchmark
  public Move isRetried() {
    return settle(failed);
  }

  /** The two events of the end of a short run. */
  @Benchmark
  public List<TaskEvent> isTold() {
    return Story.of(new Fact.Ended(end, NODE));
  }
}
