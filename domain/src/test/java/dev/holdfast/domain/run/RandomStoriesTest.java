package dev.holdfast.domain.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.IllegalTransition;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random commands on one task, with the promises checked after every step. Another seed: {@code
 * -Dholdfast.seed=…}; a failure names the seed of its sequence.
 */
class RandomStoriesTest {

  private static final long SEED = Long.getLong("holdfast.seed", 20_260_301L);
  private static final int SEQUENCES = 2_000;
  private static final int MAX_COMMANDS = 60;

  @Test
  void any_sequence_of_commands_keeps_every_promise() {
    Map<Command, Integer> drawn = new EnumMap<>(Command.class);
    for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
      try {
        play(seed, drawn);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("sequence with -Dholdfast.seed=" + seed + " failed", e);
      }
    }
    assertThat(drawn).as("every command was tried").containsOnlyKeys(Command.values());
  }

  private static void play(long seed, Map<Command, Integer> drawn) {
    var random = new Random(seed);
    TaskModel model = born(random);
    checkAll(model, List.of());
    int commands = 1 + random.nextInt(MAX_COMMANDS);
    for (int i = 0; i < commands && !isOver(model); i++) {
      model.advance(random.nextInt(10_000));
      Command command = draw(model, random);
      drawn.merge(command, 1, Integer::sum);
      step(model, command, random);
    }
  }

  private static void step(TaskModel model, Command command, RandomGenerator random) {
    List<TaskEvent> shown = model.events();
    TaskState before = model.state();
    int runs = model.claimedRuns().size();
    try {
      command.run(model, random);
      checkStep(model, before);
      checkAll(model, shown);
    } catch (RuntimeException | AssertionError e) {
      String story = command + " on a " + before + " task after " + runs + " runs: " + shown;
      throw new AssertionError(story, e);
    }
  }

  private static void checkStep(TaskModel model, TaskState before) {
    if (model.state() != before) {
      assertThat(before.successors()).contains(model.state());
    }
  }

  private static void checkAll(TaskModel model, List<TaskEvent> shown) {
    List<TaskEvent> events = model.events();
    checkVersions(model, events, shown);
    checkRuns(model);
    checkAttempts(model, events);
    checkFold(model, Fold.of(events));
    checkPlace(model);
  }

  private static void checkVersions(
      TaskModel model, List<TaskEvent> events, List<TaskEvent> shown) {
    assertThat(events.stream().map(TaskEvent::version))
        .as("versions without gaps")
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, model.version()).boxed().toList());
    assertThat(events.subList(0, shown.size())).as("what was shown stays").isEqualTo(shown);
    assertThat(model.facts())
        .allSatisfy(
            fact -> assertThat(fact.version()).isEqualTo(Story.of(fact).get(0).version()));
  }

  private static void checkRuns(TaskModel model) {
    List<Integer> runs = model.claimedRuns();
    assertThat(runs).as("run numbers strictly grow").isSorted().doesNotHaveDuplicates();
    List<RunKey> ended = model.facts().stream()
        .filter(Fact.Ended.class::isInstance)
        .map(fact -> ((Fact.Ended) fact).end().key())
        .toList();
    assertThat(ended).as("one end a run").doesNotHaveDuplicates().isSorted();
    model
        .place()
        .ifPresent(place -> assertThat(ended)
            .as("the present run has not ended")
            .allMatch(key -> key.compareTo(place.run().key()) < 0));
  }

  private static void checkAttempts(TaskModel model, List<TaskEvent> events) {
    int max = model.task().policy().maxAttempts();
    assertThat(events).allSatisfy(event -> assertThat(event.attempt()).isBetween(0, max));
    int failed = 0;
    for (TaskEvent event : events) {
      failed = switch (event.type()) {
        case REPLAYED -> 0;
        case FAILED -> failed + 1;
        default -> failed;
      };
      assertThat(failed).as("failures of one life").isLessThanOrEqualTo(max);
    }
  }

  private static void checkFold(TaskModel model, Fold fold) {
    assertThat(fold.states()).contains(model.state());
    assertThat(fold.version()).isEqualTo(model.version());
    assertThat(fold.runs()).isEqualTo(model.claimedRuns().size());
    if (model.place().orElse(null) instanceof Place.Held held) {
      assertThat(fold.states()).containsExactly(model.state());
      assertThat(fold.attempt()).isEqualTo(held.run().attempt());
      assertThat(fold.cancelRequested()).isEqualTo(held.cancelReason() != null);
    } else {
      model
          .place()
          .ifPresent(place -> assertThat(place.run().attempt())
              .as("the next attempt")
              .isBetween(Math.max(1, fold.attempt()), fold.attempt() + 1));
    }
  }

  private static void checkPlace(TaskModel model) {
    if (model.place().isEmpty()) {
      assertThat(model.state().isTerminal()).isTrue();
      return;
    }
    Place place = model.place().get();
    assertThat(place.state().isTerminal()).isFalse();
    assertThat(place.run().marks().has(Marks.DEPENDANTS))
        .as("the mark of its dependants is never lost")
        .isTrue();
    if (place instanceof Place.Held held && held.startedAt() != null) {
      Duration timeout = model.task().policy().timeout();
      Instant deadline = timeout == null ? null : held.startedAt().plus(timeout);
      assertThat(held.deadline()).isEqualTo(deadline);
    }
    if (place instanceof Place.Blocked blocked) {
      assertThat(blocked.open()).isPositive();
    }
  }

  private static boolean isOver(TaskModel model) {
    return model.state() == TaskState.COMPLETED;
  }

  @Test
  void replay_of_a_completed_task_is_refused_naming_both_states() {
    TaskModel model = TaskModel.born(Samples.task(), 0, Marks.NONE);
    Command.CLAIM.run(model, new Random(1));
    Command.COMPLETE.run(model, new Random(1));

    assertThatThrownBy(
            () -> Lifecycle.replay(model.task(), model.lastTerminal(), 0, Marks.NONE, model.now()))
        .isInstanceOfSatisfying(IllegalTransition.class, e -> {
          assertThat(e.from()).isEqualTo(TaskState.COMPLETED);
          assertThat(e.to()).isEqualTo(TaskState.PENDING);
        })
        .hasMessageContaining("completed")
        .hasMessageContaining("pending");
  }

  @Test
  void a_task_that_kills_its_worker_is_called_at_most_once_more_than_it_has_attempts() {
    for (int maxAttempts = 1; maxAttempts <= 10; maxAttempts++) {
      TaskModel model =
          TaskModel.born(Samples.task(policy(maxAttempts, WorkerLoss.RETRY)), 0, Marks.NONE);

      assertThat(callsUntilDeadLettered(model)).isEqualTo(maxAttempts + 1);
    }
  }

  @Test
  void a_task_that_must_not_be_started_twice_is_called_once() {
    TaskModel model = TaskModel.born(Samples.task(policy(10, WorkerLoss.FAIL)), 0, Marks.NONE);

    assertThat(callsUntilDeadLettered(model)).isEqualTo(1);
  }

  /** Each call of the handler kills the worker; a start is recorded only where it must be. */
  private static int callsUntilDeadLettered(TaskModel model) {
    int calls = 0;
    while (model.state() != TaskState.FAILED) {
      model.claim();
      Place.Held held = model.at(Place.Held.class);
      if (held.run().marks().has(Marks.MARK_START)) {
        Command.START.run(model, new Random(1));
      }
      calls++;
      assertThat(calls).as("calls must end").isLessThan(100);
      Command.LOSE.run(model, new Random(1));
    }
    assertThat(model.events().getLast().type()).isEqualTo(EventType.DEAD_LETTERED);
    return calls;
  }

  private static TaskModel born(RandomGenerator random) {
    WorkerLoss loss = random.nextInt(4) == 0 ? WorkerLoss.FAIL : WorkerLoss.RETRY;
    RunPolicy policy = policy(1 + random.nextInt(4), loss);
    Instant dueAt = random.nextInt(3) == 0 ? Samples.second(20) : null;
    TaskDefinition task = Samples.task(policy, dueAt);
    return random.nextInt(10) == 0
        ? TaskModel.stillborn(task)
        : TaskModel.born(task, Math.max(0, random.nextInt(5) - 2), Marks.DEPENDANTS);
  }

  private static RunPolicy policy(int maxAttempts, WorkerLoss loss) {
    RetryPolicy retry = new RetryPolicy(
        BackoffStrategy.EXPONENTIAL,
        Duration.ofSeconds(1),
        Duration.ofSeconds(8),
        0.5,
        List.of("fatal"));
    Duration timeout = maxAttempts % 2 == 0 ? Duration.ofSeconds(30) : null;
    return new RunPolicy(maxAttempts, retry, timeout, null, loss);
  }

  private static Command draw(TaskModel model, RandomGenerator random) {
    List<Command> fitting = Arrays.stream(Command.values())
        .filter(command -> command.fits(model))
        .flatMap(command -> IntStream.range(0, command.weight()).mapToObj(i -> command))
        .toList();
    return fitting.get(random.nextInt(fitting.size()));
  }
}
