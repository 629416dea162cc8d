package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The runs that sessions hold: how they end, are taken, locked and written back. */
public abstract class RunsContract extends StorageContract {

  private Held held() {
    steps().submit();
    return steps().claimOne(steps().open("a"));
  }

  private static RunKey key(Held held) {
    return held.run().key();
  }

  private static RunKey stale(Held held) {
    return new RunKey(held.run().task(), held.run().key().number() + 1);
  }

  private Set<RunKey> complete(RunKey... keys) {
    return complete(Steps.completed("{\"ok\": 1.0}", now()), keys);
  }

  private Set<RunKey> complete(Outcome.Completed outcome, RunKey... keys) {
    List<Completion> completions = Arrays.stream(keys)
        .map(key -> new Completion(key, QueueName.DEFAULT, outcome))
        .toList();
    return storage().atOnce(tx -> tx.runs().complete(completions));
  }

  private List<Held> take(RunKey... keys) {
    return storage().transact(tx -> tx.runs().take(List.of(keys)));
  }

  private RunEnd end(RunKey key) {
    Map<RunKey, RunEnd> ends = storage().transact(tx -> tx.facts().ends(List.of(key)));
    return Objects.requireNonNull(ends.get(key));
  }

  private TaskView view(TaskId task) {
    return storage().tasks().find(task).orElseThrow();
  }

  @Test
  void complete_endsTheTaskWithItsResult() {
    Held held = held();
    assertThat(complete(key(held))).containsExactly(key(held));

    TaskView view = view(held.run().task());
    assertThat(view.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(view.result()).isEqualTo(new Json("{\"ok\": 1.0}"));
    assertThat(view.version()).isEqualTo(4);
  }

  @Test
  void complete_writesTheStartWithTheEnd() {
    Held held = held();
    Instant began = now();
    Instant ended = began.plusNanos(5_000);
    var outcome = new Outcome.Completed(Json.NULL, began, ended);
    assertThat(complete(outcome, key(held))).containsExactly(key(held));

    RunEnd end = end(key(held));
    assertThat(end)
        .isEqualTo(new RunEnd(
            key(held),
            RunEnd.Kind.COMPLETED,
            true,
            1,
            4,
            held.lease(),
            new RunEnd.Start(began, 3),
            ended,
            null,
            null,
            null));
  }

  @Test
  void complete_keepsAResultThatIsNull() {
    Held held = held();
    assertThat(complete(Steps.completed("null", now()), key(held))).containsExactly(key(held));

    assertThat(view(held.run().task()).result()).isEqualTo(Json.NULL);
  }

  @Test
  void complete_keepsAStartThatWasRecorded() {
    Held started = steps().start(held());
    assertThat(complete(key(started))).containsExactly(key(started));

    RunEnd end = end(key(started));
    assertThat(end.start())
        .isEqualTo(new RunEnd.Start(Objects.requireNonNull(started.startedAt()), null));
    assertThat(end.version()).isEqualTo(4);
  }

  @Test
  void complete_endsARunOnce() {
    Held held = held();
    assertThat(complete(key(held), key(held))).hasSize(1);

    assertThat(complete(key(held))).isEmpty();
    assertThat(view(held.run().task()).version()).isEqualTo(4);
  }

  @Test
  void complete_leavesARunAloneThatIsNoLongerCurrent() {
    TaskDefinition task = steps().submit();
    SessionId session = steps().open("a");
    Held first = steps().claimOne(session);
    assertThat(steps().release(first)).isPresent();
    Held second = steps().claimOne(session);

    assertThat(complete(key(first))).isEmpty();
    assertThat(complete(stale(second))).isEmpty();
    assertThat(view(task.id()).state()).isEqualTo(TaskState.CLAIMED);
    assertThat(complete(key(second))).hasSize(1);
  }

  @Test
  void complete_endsTheCurrentOnesOfManyRuns() {
    steps().submit(300);
    List<Held> held = steps().claim(steps().open("a"), 300);
    assertThat(steps().complete(held.subList(100, 200))).hasSize(100);
    RunKey[] all = held.stream().map(RunsContract::key).toArray(RunKey[]::new);

    assertThat(complete(all))
        .hasSize(200)
        .doesNotContainAnyElementsOf(
            held.subList(100, 200).stream().map(RunsContract::key).toList());
  }

  @Test
  void complete_leavesARunAloneThatOthersDependOn() {
    steps().submit(2);
    List<Held> held = steps().claim(steps().open("a"), 2);
    Held awaited = held.getFirst();
    transact(tx -> tx.places().mark(List.of(awaited.run().task()), Marks.DEPENDANTS));

    assertThat(complete(key(awaited), key(held.get(1)))).containsExactly(key(held.get(1)));
    assertThat(take(key(awaited)))
        .extracting(Held::run)
        .containsExactly(awaited.run().marked(Marks.DEPENDANTS));
  }

  @Test
  void take_removesByTaskAndRun() {
    Held held = held();
    assertThat(take(stale(held))).isEmpty();

    assertThat(take(key(held))).containsExactly(held);
    assertThat(take(key(held))).isEmpty();
  }

  @Test
  void take_answersTheNewestVersion() {
    Held held = held();
    Held asked = steps().askCancel(steps().progress(held, 12.5), "why not");

    assertThat(take(key(held))).containsExactly(asked);
    assertThat(asked.run().version()).isEqualTo(5);
    assertThat(asked.cancelReason()).isEqualTo("why not");
    assertThat(asked.progress()).isEqualTo(new Progress(12.5, "at 12.5"));
  }

  @Test
  void takeOf_takesWhatOneSessionHolds() {
    steps().submit(7);
    SessionId a = steps().open("a");
    SessionId b = steps().open("b");
    List<Held> ofA = steps().claim(a, 4);
    List<Held> ofB = steps().claim(b, 3);

    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOf(a, 3)))
        .isEqualTo(ofA.subList(0, 3));
    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOf(a, 3)))
        .isEqualTo(ofA.subList(3, 4));
    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOf(a, 3))).isEmpty();
    assertThat(steps().complete(ofB)).hasSize(3);
  }

  @Test
  void takeOverdue_takesRunsWhoseDeadlineHasPassed() {
    steps().submit(3);
    List<Held> held = steps().claim(steps().open("a"), 3);
    Instant now = now();
    Held overdue = held.get(0).started(3, now, now.plusSeconds(5));
    Held later = held.get(1).started(3, now, now.plusSeconds(3600));
    transact(tx -> {
      tx.runs().lock(Steps.tasks(held));
      tx.runs().replace(List.of(overdue, later));
    });
    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOverdue(10))).isEmpty();
    advance(Duration.ofSeconds(6));

    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOverdue(10)))
        .containsExactly(overdue);
    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOverdue(10))).isEmpty();
  }

  @Test
  void takeOverdue_keepsToTheLimit() {
    steps().submit(3);
    List<Held> held = steps().claim(steps().open("a"), 3);
    Instant now = now();
    transact(tx -> {
      tx.runs().lock(Steps.tasks(held));
      tx.runs()
          .replace(
              held.stream().map(one -> one.started(3, now, now.plusSeconds(1))).toList());
    });
    advance(Duration.ofSeconds(2));

    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOverdue(2))).hasSize(2);
    assertThat(storage().<List<Held>>transact(tx -> tx.runs().takeOverdue(2))).hasSize(1);
  }

  @Test
  void lock_answersHeldTasksOnly() {
    Held held = held();
    TaskDefinition pending = steps().submit();

    List<Held> locked = storage()
        .transact(tx ->
            tx.runs().lock(List.of(pending.id(), held.run().task(), samples().taskId())));

    assertThat(locked).containsExactly(held);
  }

  @Test
  void replace_writesEveryMember() {
    Held held = held();
    Instant now = now();
    Held other = held.started(3, now, now.plusSeconds(9))
        .progressed(4, new Progress(99.5, null))
        .asked(5, "it's enough");
    transact(tx -> {
      tx.runs().lock(List.of(held.run().task()));
      tx.runs().replace(List.of(other));
    });

    assertThat(take(key(held))).containsExactly(other);
  }

  @Test
  void replace_leavesARunAloneThatIsNoLongerCurrent() {
    steps().submit();
    SessionId session = steps().open("a");
    Held first = steps().claimOne(session);
    assertThat(steps().release(first)).isPresent();
    Held second = steps().claimOne(session);
    transact(tx -> tx.runs().replace(List.of(first.asked(9, "too late"))));

    assertThat(take(key(second))).containsExactly(second);
  }
}
