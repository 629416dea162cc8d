package dev.holdfast.testkit.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Many sessions on one storage, killed and cancelled at random: no task is lost, none ends twice,
 * fences strictly grow, and the log tells it without gaps.
 */
public abstract class RaceContract extends StorageContract {

  private static final int WORKERS = 4;

  /** How many tasks run through the mill. */
  protected int taskCount() {
    return 2000;
  }

  private NewTask task() {
    Duration soon = Duration.ofMillis(1);
    RetryPolicy retry = new RetryPolicy(BackoffStrategy.FIXED, soon, soon, 0, List.of());
    RunPolicy policy = new RunPolicy(RunPolicy.MAX_ATTEMPTS, retry, null, null, WorkerLoss.RETRY);
    return samples()
        .task()
        .withPolicy(policy)
        .withPriority(samples().random().nextInt(10))
        .inQueue("queue-" + samples().random().nextInt(3));
  }

  @Test
  void race_losesNothingAndEndsNothingTwice() throws Exception {
    List<TaskId> tasks = submitAll();
    Mill mill = new Mill(harness(), samples(), tasks);
    mill.run(WORKERS);

    assertThat(mill.violations()).isEmpty();
    Map<TaskId, TaskState> states = storage().tasks().states(tasks);
    assertThat(states).hasSize(tasks.size());
    assertThat(states.values()).containsOnly(TaskState.COMPLETED, TaskState.CANCELLED);
    assertThat(mill.completed()).isEqualTo(in(states, TaskState.COMPLETED));
    assertThat(mill.cancelled()).isEqualTo(in(states, TaskState.CANCELLED));
    assertLogTells(states, mill);
    assertCounted(states);
  }

  private List<TaskId> submitAll() {
    List<TaskId> tasks = new ArrayList<>();
    while (tasks.size() < taskCount()) {
      List<NewTask> batch = Stream.generate(this::task).limit(100).toList();
      steps().submit(batch).stream().map(TaskDefinition::id).forEach(tasks::add);
    }
    return tasks;
  }

  private static List<TaskId> in(Map<TaskId, TaskState> states, TaskState state) {
    return states.entrySet().stream()
        .filter(entry -> entry.getValue() == state)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private void assertLogTells(Map<TaskId, TaskState> states, Mill mill) {
    Map<TaskId, List<TaskEvent>> stories = stories();
    assertThat(stories.keySet()).isEqualTo(states.keySet());
    stories.forEach((task, story) -> {
      assertThat(story)
          .extracting(TaskEvent::version)
          .isEqualTo(IntStream.rangeClosed(1, story.size()).boxed().toList());
      assertThat(story.getLast().type().name()).isEqualTo(states.get(task) + "");
      long assigned = count(story, "ASSIGNED");
      assertThat(mill.fences(task))
          .isEqualTo(IntStream.rangeClosed(1, (int) assigned).boxed().toList());
      assertThat(count(story, "COMPLETED") + count(story, "CANCELLED")).isEqualTo(1);
    });
  }

  private static long count(List<TaskEvent> story, String type) {
    return story.stream().filter(event -> event.type().name().equals(type)).count();
  }

  private Map<TaskId, List<TaskEvent>> stories() {
    Map<TaskId, List<TaskEvent>> stories = new HashMap<>();
    EventPosition position = storage().events().start();
    EventPage page;
    do {
      page = storage().events().page(position, 997);
      page.entries()
          .forEach(entry -> stories
              .computeIfAbsent(entry.event().task(), task -> new ArrayList<>())
              .add(entry.event()));
      position = page.next();
    } while (!page.caughtUp());
    return stories;
  }

  private void assertCounted(Map<TaskId, TaskState> states) {
    Map<TaskState, Long> counted = new HashMap<>();
    storage()
        .tasks()
        .stats()
        .queues()
        .values()
        .forEach(queue -> queue.forEach((state, n) -> counted.merge(state, n, Long::sum)));

    Map<TaskState, Long> expected = new HashMap<>();
    states.values().forEach(state -> expected.merge(state, 1L, Long::sum));
    assertThat(counted).isEqualTo(expected);
  }
}
