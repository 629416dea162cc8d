package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.ONCE;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random graphs, judged by a model that knows nothing of places, edges and counts: it works the
 * graph through in topological order.
 */
class GraphTest {

  private static final int SIZE = 1000;
  private static final int MAX_UPSTREAM = 3;

  private final Desk desk = new Desk();
  private final List<List<Link>> upstream = new ArrayList<>();
  private final Map<TaskId, Integer> indexes = new HashMap<>();
  private final BitSet ran = new BitSet();
  private List<TaskId> ids = List.of();

  private record Link(int on, boolean required) {}

  private void submit(Random random, double required) {
    List<NewTask> batch = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      List<Link> links = new ArrayList<>();
      for (int n = random.nextInt(MAX_UPSTREAM + 1); n > 0 && i > 0; n--) {
        int on = random.nextInt(i);
        if (links.stream().noneMatch(link -> link.on == on)) {
          links.add(new Link(on, random.nextDouble() < required));
        }
      }
      upstream.add(links);
      batch.add(work()
          .withPolicy(ONCE)
          .named("t" + i)
          .after(links.stream()
              .map(link -> new Dependency(new TaskLink.InBatch("t" + link.on), link.required))
              .toList()));
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, SIZE).boxed().toList());
    Collections.shuffle(order, random);
    List<TaskId> shuffled = desk.submitAll(order.stream().map(batch::get).toArray(NewTask[]::new));
    TaskId[] byIndex = new TaskId[SIZE];
    for (int i = 0; i < SIZE; i++) {
      byIndex[order.get(i)] = shuffled.get(i);
      indexes.put(shuffled.get(i), order.get(i));
    }
    ids = List.of(byIndex);
  }

  /** Runs whatever can run, in random order, and checks every edge when a task is claimed. */
  private void run(Random random, BitSet failing) {
    List<Assignment> held = new ArrayList<>();
    while (true) {
      desk.settleDown();
      held.addAll(desk.claim(1 + random.nextInt(20)));
      if (held.isEmpty()) {
        return;
      }
      held.forEach(one -> checkEdges(one, true));
      Collections.shuffle(held, random);
      List<Assignment> ending = held.subList(0, 1 + random.nextInt(held.size()));
      desk.settle.settle(ending.stream()
          .map(one -> {
            int index = index(one);
            ran.set(index);
            boolean isBad = failing.get(index);
            return desk.word(one, isBad ? desk.failed("boom") : desk.completed());
          })
          .toList());
      ending.clear();
    }
  }

  private int index(Assignment one) {
    return indexes.get(one.definition().id());
  }

  private void checkEdges(Assignment one, boolean withOptional) {
    for (Link link : upstream.get(index(one))) {
      TaskState state = desk.state(ids.get(link.on));
      boolean isMet =
          link.required ? state == TaskState.COMPLETED : state.isTerminal() || !withOptional;
      assertThat(isMet)
          .as("%s runs although it waits for %s, which is %s", index(one), link, state)
          .isTrue();
    }
  }

  /** How every task ends when exactly these fail. */
  private List<TaskState> expected(BitSet failing, Map<Integer, TaskState> fixed) {
    List<TaskState> states = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      boolean isHeldBack = upstream.get(i).stream()
          .anyMatch(link -> link.required && states.get(link.on) != TaskState.COMPLETED);
      TaskState own = failing.get(i) ? TaskState.FAILED : TaskState.COMPLETED;
      states.add(fixed.getOrDefault(i, isHeldBack ? TaskState.CANCELLED : own));
    }
    return states;
  }

  private List<TaskState> states() {
    Map<TaskId, TaskState> states = desk.storage.tasks().states(ids);
    return ids.stream().map(states::get).toList();
  }

  private static BitSet some(Random random, int count) {
    BitSet chosen = new BitSet();
    while (chosen.cardinality() < count) {
      chosen.set(random.nextInt(SIZE / 2));
    }
    return chosen;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20})
  void a_thousand_tasks_run_in_an_order_that_respects_every_edge(long seed) {
    Random random = new Random(seed);
    submit(random, 0.7);

    run(random, new BitSet());

    assertThat(states()).as("seed %s", seed).containsOnly(TaskState.COMPLETED);
    assertThat(ran.cardinality()).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 50})
  void failures_cancel_exactly_their_required_dependants(long seed) {
    Random random = new Random(seed);
    submit(random, 0.8);
    BitSet failing = some(random, 5);

    run(random, failing);

    assertThat(states()).as("seed %s", seed).isEqualTo(expected(failing, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 80})
  void a_replay_revives_exactly_what_its_failure_had_cancelled(long seed) {
    Random random = new Random(seed);
    submit(random, 0.8);
    BitSet failing = some(random, 6);
    run(random, failing);
    List<TaskState> before = states();
    assertThat(before).isEqualTo(expected(failing, Map.of()));

    while (!failing.isEmpty()) {
      int root = roots(failing, before);
      assertThat(desk.replay.replay(ids.get(root)))
          .isEqualTo(new ReplayAnswer.Replayed(TaskState.PENDING));
      failing.clear(root);
      assertRevived(before, root);
      run(random, failing);
      before = states();
      assertThat(before).as("seed %s after %s", seed, root).isEqualTo(expected(failing, Map.of()));
    }
    assertThat(before).containsOnly(TaskState.COMPLETED);
  }

  /** A task that fails by itself and is not held back by another. */
  private int roots(BitSet failing, List<TaskState> states) {
    return failing.stream()
        .filter(index -> states.get(index) == TaskState.FAILED)
        .findFirst()
        .orElseThrow();
  }

  /** Lives now: the root, and whom nothing but what lives again had held back. */
  private void assertRevived(List<TaskState> before, int root) {
    BitSet revived = new BitSet();
    revived.set(root);
    for (int i = 0; i < SIZE; i++) {
      List<Link> required = upstream.get(i).stream().filter(Link::required).toList();
      boolean isMet = required.stream()
          .allMatch(link -> revived.get(link.on) || before.get(link.on) == TaskState.COMPLETED);
      if (before.get(i) == TaskState.CANCELLED && isMet) {
        revived.set(i);
      }
    }
    List<TaskState> now = states();
    for (int i = 0; i < SIZE; i++) {
      assertThat(now.get(i).isTerminal()).as("task %s has ended", i).isEqualTo(!revived.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 60, 700})
  void replays_while_others_run_break_no_edge_and_strand_nobody(long seed) {
    Random random = new Random(seed);
    submit(random, 0.6);
    BitSet failing = some(random, 60);
    List<Assignment> held = new ArrayList<>();
    while (!failing.isEmpty() || !held.isEmpty()) {
      desk.settleDown();
      List<Assignment> claimed = desk.claim(1 + random.nextInt(20));
      // An optional one may have been replayed since its dependant was freed.
      claimed.forEach(one -> checkEdges(one, false));
      held.addAll(claimed);
      if (!held.isEmpty()) {
        Assignment one = held.remove(random.nextInt(held.size()));
        boolean isBad = failing.get(index(one));
        desk.settle(one, isBad ? desk.failed("boom") : desk.completed());
      }
      if (held.isEmpty() || random.nextInt(20) == 0) {
        replaySome(random, failing);
      }
    }
    run(random, failing);

    assertThat(states()).as("seed %s", seed).containsOnly(TaskState.COMPLETED);
  }

  private void replaySome(Random random, BitSet failing) {
    int from = random.nextInt(SIZE);
    failing.stream()
        .filter(index -> desk.state(ids.get(index)) == TaskState.FAILED)
        .boxed()
        .min(Comparator.comparingInt(index -> Math.floorMod(index - from, SIZE)))
        .ifPresent(index -> {
          failing.clear(index);
          desk.replay.replay(ids.get(index));
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 120})
  void what_users_cancelled_is_not_revived_nor_what_waits_for_it(long seed) {
    Random random = new Random(seed);
    submit(random, 0.9);
    BitSet failing = some(random, 3);
    Map<Integer, TaskState> cancelled = new HashMap<>();
    for (int index : some(random, 5).stream().toArray()) {
      desk.cancel.cancel(ids.get(index), "not wanted", true);
      if (desk.state(ids.get(index)) == TaskState.CANCELLED) {
        cancelled.put(index, TaskState.CANCELLED);
      }
    }
    run(random, failing);
    failing.stream().filter(i -> !cancelled.containsKey(i)).forEach(index -> {
      if (desk.state(ids.get(index)) == TaskState.FAILED) {
        desk.replay.replay(ids.get(index));
      }
    });
    BitSet still = new BitSet();
    cancelled.keySet().forEach(still::set);
    failing.stream().filter(index -> desk.state(ids.get(index)).isTerminal()).forEach(still::set);
    run(random, still);

    assertThat(states()).as("seed %s", seed).isEqualTo(expected(still, cancelled));
  }
}
