package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.task.Explanation.Wait;
import dev.holdfast.application.task.Explanation.WaitKind;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.placement.ReasonCode;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExplainTaskTest {

  private final Desk desk = new Desk();
  private final ExplainTask explain = new ExplainTask(desk.storage);

  private Explanation of(TaskId task) {
    return explain.explain(task).orElseThrow();
  }

  private List<WaitKind> waits(TaskId task) {
    return of(task).waitingFor().stream().map(Wait::kind).toList();
  }

  private static NewTask on(Map<String, String> labels, List<NodeId> allowed) {
    return work().withConstraints(Constraints.of(labels, allowed, List.of()));
  }

  @Test
  void an_unknown_task_has_no_explanation() {
    assertThat(explain.explain(new TaskId(new UUID(7, 7)))).isEmpty();
  }

  @Test
  void a_pending_task_that_a_node_can_run_waits_for_its_turn() {
    desk.submit(work());
    Explanation second = of(desk.submit(work()));

    assertThat(second.state()).isEqualTo(TaskState.PENDING);
    assertThat(second.queuePosition()).isEqualTo(2);
    assertThat(second.waitingFor()).extracting(Wait::kind).containsExactly(WaitKind.SLOT);
    assertThat(second.nodes()).hasSize(1);
  }

  @Test
  void a_blocked_task_names_what_it_still_waits_for() {
    TaskId done = desk.submit(work());
    desk.complete(desk.claimOnly());
    TaskId bad = desk.submit(once());
    desk.fail(desk.claimOnly());
    TaskId live = desk.submit(work());
    List<Dependency> all = new ArrayList<>(needs(done, live));
    all.add(new Dependency(new TaskLink.Existing(bad), false));

    List<Wait> waits = of(desk.submit(work().after(all))).waitingFor();

    assertThat(waits).containsExactly(new Wait(WaitKind.DEPENDENCY, live + " is pending"));
  }

  @Test
  void a_scheduled_and_a_suspended_task_wait_for_their_time() {
    TaskId scheduled = desk.submit(work().due(new Due.After(Duration.ofHours(1))));
    TaskId suspended = desk.submit(work());
    desk.settle(desk.claimOnly(), new Outcome.Suspended(null, desk.now()));

    assertThat(waits(scheduled)).containsExactly(WaitKind.TIME);
    assertThat(waits(suspended)).containsExactly(WaitKind.TIME);
  }

  @Test
  void a_type_that_nobody_runs_waits_for_an_executor() {
    assertThat(waits(desk.submit(NewTask.of("strange", Json.NULL))))
        .containsExactly(WaitKind.EXECUTOR);
  }

  @Test
  void labels_that_nobody_has_are_named() {
    Explanation why = of(desk.submit(on(Map.of("gpu", "yes"), null)));

    assertThat(why.waitingFor()).extracting(Wait::kind).containsExactly(WaitKind.LABEL);
    assertThat(why.waitingFor().get(0).detail()).contains("gpu=yes");
    assertThat(why.nodes().get(0).reasons().get(0).code()).isEqualTo(ReasonCode.LABEL);
  }

  @Test
  void a_task_that_is_allowed_nowhere_waits_for_a_node() {
    assertThat(waits(desk.submit(on(Map.of(), List.of(new NodeId("absent"))))))
        .containsExactly(WaitKind.NODE);
  }

  @Test
  void without_any_living_node_it_waits_for_one() {
    desk.storage.sessions().end(desk.session);

    assertThat(waits(desk.submit(work()))).containsExactly(WaitKind.NODE);
  }

  @Test
  void without_any_node_at_all_it_waits_for_one() {
    Desk empty = new Desk();
    var storage = new dev.holdfast.testkit.memory.InMemoryStorage(empty.clock);
    var submit = new SubmitTasks(
        storage,
        new dev.holdfast.application.testing.TinyJson(),
        () -> new TaskId(new UUID(7, 7)),
        empty.clock,
        e -> {});
    var batch = (SubmitTasks.Prepared.Sound) submit.prepare(List.of(work()));
    submit.flush(List.of(batch.batch()), false);

    assertThat(new ExplainTask(storage).explain(new TaskId(new UUID(7, 7))).orElseThrow())
        .extracting(why -> why.waitingFor().get(0).kind())
        .isEqualTo(WaitKind.NODE);
  }

  @Test
  void when_every_node_that_could_run_it_is_busy_it_waits_for_a_slot() {
    desk.open("other", Set.of(new TypeName("else")), Map.of());
    desk.storage.sessions().beat(desk.session, new NodeLoad(0, false), null);

    Explanation why = of(desk.submit(work()));

    assertThat(why.waitingFor()).extracting(Wait::kind).containsExactly(WaitKind.SLOT);
    assertThat(why.waitingFor().get(0).detail()).contains("busy");
    assertThat(why.nodes()).noneMatch(verdict -> verdict.isEligible());
  }

  @Test
  void nodes_that_lack_different_things_are_named_each() {
    desk.storage.sessions().end(desk.session);
    desk.open("plain", Set.of(new TypeName("work")), Map.of());
    desk.open("strange", Set.of(new TypeName("else")), Map.of("gpu", "yes"));
    desk.open("barred", Set.of(new TypeName("work")), Map.of("gpu", "yes"));
    NewTask task = work()
        .withConstraints(Constraints.of(Map.of("gpu", "yes"), null, List.of(new NodeId("barred"))));

    List<Wait> waits = of(desk.submit(task)).waitingFor();

    assertThat(waits)
        .extracting(Wait::kind)
        .containsExactly(WaitKind.EXECUTOR, WaitKind.LABEL, WaitKind.NODE);
    assertThat(waits.get(0).detail()).startsWith("strange: no handler");
    assertThat(waits.get(1).detail()).startsWith("plain: needs gpu=yes");
    assertThat(waits.get(2).detail()).startsWith("barred: among the forbidden");
  }

  @Test
  void a_dead_node_that_could_have_run_it_is_no_help() {
    desk.storage.sessions().end(desk.session);
    desk.open("other", Set.of(new TypeName("else")), Map.of());

    assertThat(waits(desk.submit(work()))).containsExactly(WaitKind.EXECUTOR);
  }

  @Test
  void a_node_that_died_long_ago_is_forgotten() {
    SessionId gone = desk.open("gone");
    desk.storage.sessions().end(gone);
    TaskId task = desk.submit(work());
    assertThat(of(task).nodes()).hasSize(2);

    desk.clock.advance(Duration.ofDays(2));

    assertThat(of(task).nodes())
        .extracting(verdict -> verdict.node().value())
        .doesNotContain("gone");
  }

  @Test
  void what_runs_or_has_ended_waits_for_nothing() {
    TaskId task = desk.submit(work());
    var run = desk.claimOnly();
    assertThat(waits(task)).isEmpty();

    desk.complete(run);

    assertThat(waits(task)).isEmpty();
    assertThat(of(task).nodes()).isEmpty();
  }
}
