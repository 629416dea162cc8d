package dev.holdfast.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists over tasks that are born far apart, so that a look at the youngest is not enough. */
final class ListingTest {

  private static final List<Duration> AGES = List.of(
      Duration.ofDays(400),
      Duration.ofDays(2),
      Duration.ofHours(3),
      Duration.ofMinutes(5),
      Duration.ofSeconds(20),
      Duration.ofSeconds(2),
      Duration.ZERO);

  private final List<TaskId> oldestFirst = new ArrayList<>();
  private DuckDbHarness harness;

  @BeforeEach
  void submit() {
    harness = new DuckDbHarness();
    harness.storage().transact(tx -> {
      tx.submissions().create(AGES.stream().map(this::birth).toList());
      return true;
    });
  }

  @AfterEach
  void closeHarness() {
    harness.close();
  }

  private Birth birth(Duration age) {
    long millis = VirtualClock.EPOCH.minus(age).toEpochMilli();
    TaskId id = new TaskId(new UUID(millis << 16 | 0x7000, Long.MIN_VALUE));
    oldestFirst.add(id);
    TaskDefinition task = new TaskDefinition(
        id,
        TaskAddress.of("echo"),
        5,
        RunPolicy.DEFAULT,
        Constraints.NONE,
        TaskDefinition.Identity.NONE,
        VirtualClock.EPOCH,
        null);
    return new Birth(task, Json.EMPTY_OBJECT, Lifecycle.born(task, 0, Marks.NONE));
  }

  private List<TaskId> list(TaskFilter filter, int limit) {
    return harness.storage().tasks().list(filter, limit).stream()
        .map(view -> view.definition().id())
        .toList();
  }

  @Test
  void list_goesAsFarBackAsItMust() {
    for (int limit = 1; limit <= AGES.size() + 1; limit++) {
      List<TaskId> newest = oldestFirst.reversed().stream().limit(limit).toList();
      assertThat(list(TaskFilter.ALL, limit)).isEqualTo(newest);
    }
  }

  @Test
  void list_goesOnBehindAnyTask() {
    for (int i = 0; i < AGES.size(); i++) {
      TaskFilter older = new TaskFilter(null, null, null, null, null, null, oldestFirst.get(i));
      assertThat(list(older, 100)).isEqualTo(oldestFirst.subList(0, i).reversed());
    }
  }

  @Test
  void list_findsStatesHoweverOld() {
    Steps steps = new Steps(harness.storage(), new Samples(5));
    steps.complete(steps.claim(steps.open("n1"), 2));

    assertThat(list(state(TaskState.COMPLETED), 10))
        .isEqualTo(oldestFirst.subList(0, 2).reversed());
    assertThat(list(state(TaskState.PENDING), 100))
        .isEqualTo(oldestFirst.subList(2, AGES.size()).reversed());
    assertThat(list(state(TaskState.FAILED), 100)).isEmpty();
  }

  private static TaskFilter state(TaskState state) {
    return new TaskFilter(null, state, null, null, null, null, null);
  }
}
