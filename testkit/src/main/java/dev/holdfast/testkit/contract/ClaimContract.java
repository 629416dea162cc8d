package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets which task, in which order, and under which fence. */
public abstract class ClaimContract extends StorageContract {

  private static final Comparator<TaskDefinition> ORDER = Comparator.comparingInt(
          TaskDefinition::priority)
      .thenComparingLong(TaskDefinition::order)
      .thenComparing(TaskDefinition::id);

  private ClaimAnswer claim(SessionId session, long request, List<Lane> lanes, int limit) {
    return storage()
        .transact(tx -> tx.runs().claim(new ClaimRequest(session, request, lanes, limit)));
  }

  private List<Assignment> claimed(SessionId session, long request, int limit) {
    ClaimAnswer answer = claim(session, request, storage().tasks().lanesAfter(0), limit);
    assertThat(answer).isInstanceOf(ClaimAnswer.Claimed.class);
    return ((ClaimAnswer.Claimed) answer).assignments();
  }

  private static List<TaskId> ids(List<TaskDefinition> tasks) {
    return tasks.stream().map(TaskDefinition::id).toList();
  }

  @Test
  void claim_handsOutEverythingThatAHandlerNeeds() {
    TaskDefinition task = steps().submit(samples().task());
    SessionId session = steps().open("a");

    Assignment assignment = claimed(session, 1, 10).getFirst();

    Held held = assignment.held();
    assertThat(assignment.definition()).isEqualTo(task);
    assertThat(assignment.payload())
        .isEqualTo(storage().tasks().find(task.id()).orElseThrow().payload());
    assertThat(held.run().key().number()).isEqualTo(1);
    assertThat(held.run().attempt()).isEqualTo(1);
    assertThat(held.run().version()).isEqualTo(2);
    assertThat(held.lease().session()).isEqualTo(session);
    assertThat(held.lease().version()).isEqualTo(2);
    assertThat(held.state()).isEqualTo(TaskState.CLAIMED);
  }

  @Test
  void claim_handsOutByPriorityFirst() {
    List<TaskDefinition> tasks = new ArrayList<>();
    for (int priority : new int[] {5, 9, 0, 5, 1}) {
      tasks.add(steps().submit(samples().task().withPriority(priority)));
    }
    tasks.sort(ORDER);

    assertThat(Steps.tasks(steps().claim(steps().open("a"), 10))).isEqualTo(ids(tasks));
  }

  @Test
  void claim_handsOutByDueTimeWithinAPriority() {
    TaskDefinition later =
        steps().submit(samples().task().due(new Due.After(Duration.ofSeconds(20))));
    TaskDefinition sooner =
        steps().submit(samples().task().due(new Due.After(Duration.ofSeconds(10))));
    advance(Duration.ofSeconds(15));
    TaskDefinition between = steps().submit();
    advance(Duration.ofSeconds(15));
    SessionId session = steps().open("a");
    assertThat(steps().promote(10)).isEqualTo(2);

    assertThat(Steps.tasks(steps().claim(session, 10)))
        .isEqualTo(Steps.ids(sooner, between, later));
  }

  @Test
  void claim_handsOutByIdWithinADueTime() {
    List<TaskDefinition> tasks = steps().submit(50);

    assertThat(Steps.tasks(steps().claim(steps().open("a"), 20)))
        .isEqualTo(ids(tasks).subList(0, 20));
  }

  @Test
  void claim_mergesLanesInTheirOrder() {
    List<NewTask> mixed = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      NewTask task = samples().task().withPriority(samples().random().nextInt(3));
      mixed.add(task.inQueue("queue-" + samples().random().nextInt(7)));
    }
    Collections.shuffle(mixed, samples().random());
    List<TaskDefinition> tasks = new ArrayList<>(steps().submit(mixed.subList(0, 100)));
    advance(Duration.ofMillis(3));
    tasks.addAll(steps().submit(mixed.subList(100, 200)));
    tasks.sort(ORDER);

    SessionId session = steps().open("a");
    List<TaskId> order = new ArrayList<>();
    for (int size : new int[] {1, 2, 37, 60, 100}) {
      order.addAll(Steps.tasks(steps().claim(session, size)));
    }

    assertThat(order).isEqualTo(ids(tasks));
  }

  @Test
  void claim_givesExactlyTheLimit() {
    steps().submit(700);
    SessionId session = steps().open("a");

    assertThat(steps().claim(session, 1)).hasSize(1);
    assertThat(steps().claim(session, 500)).hasSize(500);
    assertThat(steps().claim(session, 199)).hasSize(199);
    assertThat(steps().claim(session, 1)).isEmpty();
  }

  @Test
  void claim_takesFromTheLanesAskedForOnly() {
    TaskDefinition wanted = steps().submit(samples().task().inQueue("wanted"));
    steps().submit(samples().task().inQueue("other").withPriority(0));
    List<Lane> lanes = storage().tasks().lanesAfter(0).stream()
        .filter(lane -> lane.key().equals(wanted.lane()))
        .toList();
    SessionId session = steps().open("a");

    var answer = (ClaimAnswer.Claimed) claim(session, 1, lanes, 10);
    assertThat(answer.assignments())
        .extracting(one -> one.definition().id())
        .containsExactly(wanted.id());
    assertThat(((ClaimAnswer.Claimed) claim(session, 2, List.of(), 10)).assignments())
        .isEmpty();
  }

  @Test
  void claim_takesNothingThatIsNotPending() {
    steps().submit(samples().task().due(new Due.After(Duration.ofHours(1))));
    transact(tx ->
        tx.submissions().create(List.of(samples().birth(samples().task(), tx.now(), 1))));
    steps().submit();
    SessionId session = steps().open("a");
    Held held = steps().claimOne(session);
    assertThat(steps().suspend(held)).isPresent();

    assertThat(steps().claim(session, 10)).isEmpty();
  }

  @Test
  void claim_givesATaskToOneSessionOnly() {
    steps().submit(10);
    SessionId a = steps().open("a");
    SessionId b = steps().open("b");

    List<TaskId> given = new ArrayList<>(Steps.tasks(steps().claim(a, 6)));
    given.addAll(Steps.tasks(steps().claim(b, 6)));

    assertThat(given).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void claim_countsTheFenceOverReleasesAndFailures() {
    TaskDefinition task = steps().submit();
    SessionId session = steps().open("a");
    assertThat(steps().release(steps().claimOne(session))).isPresent();
    Held second = steps().claimOne(session);
    assertThat(second.run().key().number()).isEqualTo(2);
    assertThat(second.run().attempt()).isEqualTo(1);
    assertThat(steps().fail(second)).isPresent();
    advance(Duration.ofSeconds(5));
    assertThat(steps().promote(10)).isEqualTo(1);

    Held third = steps().claimOne(session);
    assertThat(third.run().task()).isEqualTo(task.id());
    assertThat(third.run().key().number()).isEqualTo(3);
    assertThat(third.run().attempt()).isEqualTo(2);
  }

  @Test
  void claim_keepsTheOrderOfATaskThatCameBack() {
    TaskDefinition old = steps().submit();
    advance(Duration.ofSeconds(1));
    TaskDefinition young = steps().submit();
    SessionId session = steps().open("a");
    assertThat(steps().settle(steps().claimOne(session), now -> new Outcome.Released(null)))
        .isPresent();

    assertThat(Steps.tasks(steps().claim(session, 2))).isEqualTo(Steps.ids(old, young));
  }

  @Test
  void claim_answersARepeatedRequestWithTheSameTasks() {
    steps().submit(5);
    SessionId session = steps().open("a");
    List<Assignment> first = claimed(session, 7, 3);

    assertThat(claimed(session, 7, 3)).isEqualTo(first);
    assertThat(claimed(session, 8, 10)).hasSize(2);
  }

  @Test
  void claim_answersARepeatedRequestWithoutWhatHasEnded() {
    steps().submit(3);
    SessionId session = steps().open("a");
    List<Assignment> first = claimed(session, 7, 3);
    assertThat(steps().complete(first.get(1).held())).isTrue();
    assertThat(steps().release(first.get(0).held())).isPresent();

    assertThat(claimed(session, 7, 3)).containsExactly(first.get(2));
    assertThat(claimed(session, 8, 3)).hasSize(1);
    assertThat(claimed(session, 7, 3)).containsExactly(first.get(2));
  }

  @Test
  void claim_keepsTheRequestsOfSessionsApart() {
    steps().submit(2);
    List<Assignment> first = claimed(steps().open("a"), 7, 1);
    List<Assignment> second = claimed(steps().open("b"), 7, 1);

    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
  }

  @Test
  void claim_mayRepeatARequestThatGaveNothing() {
    SessionId session = steps().open("a");
    assertThat(claimed(session, 7, 1)).isEmpty();
    steps().submit();

    assertThat(claimed(session, 7, 1)).hasSize(1);
  }

  @Test
  void claim_givesNothingToASessionThatEnded() {
    steps().submit();
    SessionId session = steps().open("a");
    storage().sessions().end(session);

    assertThat(claim(session, 1, storage().tasks().lanesAfter(0), 1))
        .isEqualTo(new ClaimAnswer.SessionOver());
  }

  @Test
  void claim_givesNothingToASessionThatNeverWas() {
    assertThat(claim(new SessionId(4711), 1, storage().tasks().lanesAfter(0), 1))
        .isEqualTo(new ClaimAnswer.SessionOver());
  }

  @Test
  void claim_givesNothingToASessionWhoseHeartbeatIsTooOld() {
    steps().submit();
    SessionId session = steps().open("a");
    advance(Samples.TIME_TO_LIVE.plusSeconds(1));
    var lanes = storage().tasks().lanesAfter(0);
    assertThat(claim(session, 1, lanes, 1)).isEqualTo(new ClaimAnswer.SessionOver());
    storage().sessions().beat(session, new NodeLoad(1, false), null);

    assertThat(claimed(session, 1, 1)).hasSize(1);
  }
}
