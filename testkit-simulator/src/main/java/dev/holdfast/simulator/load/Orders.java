package dev.holdfast.simulator.load;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes up tasks: retries, delays, priorities, dependencies, expiry, and now and then poison. */
final class Orders {

  private static final int MOST_IN_ONE = 5;
  private static final List<BackoffStrategy> STRATEGIES =
      List.of(BackoffStrategy.FIXED, BackoffStrategy.LINEAR, BackoffStrategy.EXPONENTIAL);

  private final RandomGenerator chance;
  private final int nodes;
  private final boolean isPoisonAllowed;
  private int numbers;
  private boolean hasPoison;

  Orders(RandomGenerator chance, int nodes, boolean isPoisonAllowed) {
    this.chance = chance;
    this.nodes = nodes;
    this.isPoisonAllowed = isPoisonAllowed;
  }

  /** A batch; its tasks may wait for each other, and for tasks that were accepted before. */
  List<NewTask> next(List<TaskId> accepted) {
    List<NewTask> batch = new ArrayList<>();
    int size = 1 + chance.nextInt(MOST_IN_ONE);
    for (int i = 0; i < size; i++) {
      NewTask task = NewTask.of(type(), Json.EMPTY_OBJECT)
          .withKey("key-" + ++numbers)
          .named("ref-" + i)
          .withPriority(chance.nextInt(10))
          .withPolicy(policy())
          .withConstraints(constraints())
          .after(dependencies(i, accepted));
      batch.add(
          chance.nextInt(5) == 0 ? task.due(new Due.After(ms(1 + chance.nextLong(3000)))) : task);
    }
    return batch;
  }

  private String type() {
    if (isPoisonAllowed && !hasPoison && chance.nextInt(40) == 0) {
      hasPoison = true;
      return Handlers.POISON;
    }
    return Handlers.HARMLESS.get(chance.nextInt(Handlers.HARMLESS.size()));
  }

  private RunPolicy policy() {
    BackoffStrategy strategy = STRATEGIES.get(chance.nextInt(STRATEGIES.size()));
    RetryPolicy retry = new RetryPolicy(strategy, ms(50), ms(2000), 0.25, List.of());
    Duration timeout = chance.nextInt(8) == 0 ? ms(500 + chance.nextLong(2000)) : null;
    Duration expiry = chance.nextInt(10) == 0 ? ms(500 + chance.nextLong(6000)) : null;
    WorkerLoss loss = chance.nextInt(6) == 0 ? WorkerLoss.FAIL : WorkerLoss.RETRY;
    return new RunPolicy(1 + chance.nextInt(4), retry, timeout, expiry, loss);
  }

  private Constraints constraints() {
    if (chance.nextInt(10) > 0) {
      return Constraints.NONE;
    }
    NodeId node = new NodeId("n" + (1 + chance.nextInt(nodes)));
    @Nullable List<NodeId> allowed = chance.nextBoolean() ? List.of(node) : null;
    return Constraints.of(
        Map.of(), allowed, allowed == null && nodes > 1 ? List.of(node) : List.of());
  }

  private List<Dependency> dependencies(int index, List<TaskId> accepted) {
    List<Dependency> dependencies = new ArrayList<>();
    if (index > 0 && chance.nextInt(4) == 0) {
      TaskLink link = new TaskLink.InBatch("ref-" + chance.nextInt(index));
      dependencies.add(new Dependency(link, chance.nextInt(3) > 0));
    }
    if (!accepted.isEmpty() && chance.nextInt(6) == 0) {
      TaskLink link = new TaskLink.Existing(accepted.get(chance.nextInt(accepted.size())));
      dependencies.add(new Dependency(link, chance.nextInt(3) > 0));
    }
    return dependencies;
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
