package dev.holdfast.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortValuesTest {

  private static final Run RUN = Run.first(Samples.TASK, 1, Marks.NONE);
  private static final Place.Held HELD = Place.Held.claimed(RUN, Samples.lease(2));

  @Test
  void birth_is_never_held() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Birth(Samples.task(), Json.NULL, HELD));
    assertThat(new Birth(Samples.task(), Json.NULL, null).place()).isNull();
    assertThat(new Birth(Samples.task(), Json.NULL, new Place.Ready(RUN)).place())
        .isEqualTo(new Place.Ready(RUN));
  }

  @Test
  void claim_is_bounded() {
    for (int limit : new int[] {0, -1, ClaimRequest.MAX_LIMIT + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ClaimRequest(new SessionId(1), 1, List.of(), limit))
          .withMessageContaining("limit");
    }
    var lanes = new ArrayList<Lane>(List.of(new Lane(1, Samples.task().lane())));
    ClaimRequest request = new ClaimRequest(new SessionId(1), 1, lanes, ClaimRequest.MAX_LIMIT);
    lanes.clear();
    assertThat(request.lanes()).hasSize(1);
  }

  @Test
  void tally_counts_ended_tasks_only() {
    assertThat(new Tally(QueueName.DEFAULT, TaskState.FAILED, -1).change()).isEqualTo(-1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tally(QueueName.DEFAULT, TaskState.PENDING, 1))
        .withMessageContaining("PENDING");
  }

  @Test
  void answers_copy_what_they_are_given() {
    var assignments = new ArrayList<ClaimAnswer.Assignment>();
    assignments.add(new ClaimAnswer.Assignment(Samples.task(), Json.NULL, HELD));
    var claimed = new ClaimAnswer.Claimed(Samples.T0, assignments);
    var entries = new ArrayList<EventPage.Entry>();
    var page = new EventPage(entries, EventPosition.before(1, 1), true);
    var live = new ArrayList<>(List.of(new SessionId(1)));
    var dues = new EnumMap<>(Map.of(Outlook.Duty.EXPIRE, Samples.T0));
    var outlook = new Outlook(null, live, live, false, false, dues);
    var asked = new ArrayList<>(List.of(new RunKey(Samples.TASK, 1)));
    var alive = new Sessions.Pulse.Alive(Samples.T0, asked, List.of(), false, outlook);
    var queues = new HashMap<QueueName, Map<TaskState, Long>>();
    queues.put(QueueName.DEFAULT, Map.of(TaskState.PENDING, 1L));
    var stats = new Stats(queues, null, 0, Samples.T0);

    assignments.clear();
    entries.add(null);
    asked.clear();
    queues.clear();
    live.clear();
    dues.clear();

    assertThat(claimed.assignments()).hasSize(1);
    assertThat(page.entries()).isEmpty();
    assertThat(alive.cancelAsked()).hasSize(1);
    assertThat(outlook.live()).hasSize(1);
    assertThat(outlook.vanished()).hasSize(1);
    assertThat(outlook.dues()).hasSize(1);
    assertThat(stats.queues()).hasSize(1);
  }

  @Test
  void nodes_copy_what_they_are_given() {
    var labels = new HashMap<>(Map.of("gpu", "true"));
    var start = new NodeStart(
        Samples.NODE,
        "",
        labels,
        Set.of(new TypeName("echo")),
        4,
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        NodeStart.Mode.ALONE);
    NodeProfile profile =
        new NodeProfile(Samples.NODE, labels, start.types(), NodeCondition.HEALTHY, 4);
    var view = new NodeView(profile, new SessionId(1), "", false, 4, Samples.T0, Samples.T0);

    labels.clear();

    assertThat(start.labels()).containsEntry("gpu", "true");
    assertThat(view.profile().labels()).containsEntry("gpu", "true");
  }

  @Test
  void only_a_node_that_died_long_ago_is_forgotten() {
    NodeView dead = view(NodeCondition.DEAD);
    NodeView stale = view(NodeCondition.STALE);

    assertThat(dead.isForgotten(Samples.T0.plus(Duration.ofDays(1)))).isFalse();
    assertThat(dead.isForgotten(Samples.T0.plus(Duration.ofDays(2)))).isTrue();
    assertThat(stale.isForgotten(Samples.T0.plus(Duration.ofDays(2)))).isFalse();
  }

  private static NodeView view(NodeCondition condition) {
    NodeProfile profile = new NodeProfile(Samples.NODE, Map.of(), Set.of(), condition, 0);
    return new NodeView(profile, new SessionId(1), "", false, 4, Samples.T0, Samples.T0);
  }

  @Test
  void reads_carry_what_they_were_given() {
    var edge = new Dependencies.Edge(Samples.id(2), Samples.TASK, true);
    var lease = new TaskView.Lease(Samples.NODE, 3, Samples.T0);
    var view = new TaskView(
        Samples.task(),
        null,
        TaskState.RUNNING,
        1,
        3,
        lease,
        null,
        false,
        null,
        null,
        Samples.T0,
        null,
        null,
        null,
        List.of(edge),
        null);

    assertThat(view.dependsOn()).containsExactly(edge).isUnmodifiable();
    assertThat(TaskFilter.ALL.namespace()).isNull();
    assertThat(new Upstream(Samples.id(2), "first", true, TaskState.COMPLETED, Json.NULL).ref())
        .isEqualTo("first");
    assertThat(new KeyOwner(Namespace.DEFAULT, "key", Samples.TASK, "print").task())
        .isEqualTo(Samples.TASK);
    var returned = new Outcome.Completed(Json.NULL, Samples.T0, Samples.T0);
    assertThat(new Completion(RUN.key(), QueueName.DEFAULT, returned).key()).isEqualTo(RUN.key());
    assertThat(new Lane(1, Samples.task().lane()).key().constraints()).isEqualTo(Constraints.NONE);
  }

  @Test
  void outages_and_refusals_keep_their_cause() {
    var cause = new IllegalStateException("driver");

    assertThat(new StorageUnavailable("gone", cause)).hasMessage("gone").hasCause(cause);
    assertThat(new StorageRejected("refused", cause)).hasMessage("refused").hasCause(cause);
  }
}
