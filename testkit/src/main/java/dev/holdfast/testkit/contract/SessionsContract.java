package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Sessions.Opening;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The nodes and their sessions. */
public abstract class SessionsContract extends StorageContract {

  private static final NodeLoad LOAD = new NodeLoad(3, false);

  private Pulse beat(SessionId session) {
    return storage().sessions().beat(session, LOAD, null);
  }

  private NodeView node(String name) {
    return storage().sessions().nodes().stream()
        .filter(node -> node.profile().node().equals(new NodeId(name)))
        .findFirst()
        .orElseThrow();
  }

  private NodeCondition condition(String name) {
    return node(name).profile().condition();
  }

  @Test
  void open_numbersSessionsUpwards() {
    SessionId first = steps().open("a");
    SessionId second = steps().open("b");
    SessionId third = steps().open("a");

    assertThat(List.of(first.value(), second.value(), third.value()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void open_endsTheEarlierSessionOfTheNode() {
    SessionId first = steps().open("a");
    SessionId other = steps().open("b");
    SessionId second = steps().open("a");

    assertThat(beat(first)).isEqualTo(new Pulse.Over());
    assertThat(beat(other)).isInstanceOf(Pulse.Alive.class);
    assertThat(beat(second)).isInstanceOf(Pulse.Alive.class);
  }

  @Test
  void open_makesWhatTheEarlierSessionHeldLost() {
    steps().submit();
    SessionId first = steps().open("a");
    Held held = steps().claimOne(first);
    assertThat(storage().sessions().lost(10)).isEmpty();
    SessionId second = steps().open("a");
    assertThat(storage().sessions().lost(10)).containsExactly(first);

    assertThat(commands().reap()).isEqualTo(1);
    assertThat(storage().sessions().lost(10)).isEmpty();
    assertThat(steps().complete(held)).isFalse();
    assertThat(steps().claimOne(second).run().key().number()).isEqualTo(2);
  }

  @Test
  void beat_tellsTheTime() {
    SessionId session = steps().open("a");
    var before = ((Pulse.Alive) beat(session)).now();
    advance(Duration.ofSeconds(5));

    assertThat(((Pulse.Alive) beat(session)).now()).isAfterOrEqualTo(before.plusSeconds(5));
  }

  @Test
  void beat_namesTheRunsWhoseCancelWasAsked() {
    steps().submit(3);
    SessionId session = steps().open("a");
    List<Held> held = steps().claim(session, 3);
    assertThat(((Pulse.Alive) beat(session)).cancelAsked()).isEmpty();
    steps().askCancel(held.get(1), "stop");

    assertThat(((Pulse.Alive) beat(session)).cancelAsked())
        .containsExactly(held.get(1).run().key());
    assertThat(((Pulse.Alive) beat(steps().open("b"))).cancelAsked()).isEmpty();
  }

  @Test
  void beat_namesTheRunsThatWereEndedWithoutIt() {
    requires(Capability.CLUSTER);
    steps().submit(3);
    SessionId session = steps().open("a");
    List<Held> held = steps().claim(session, 3);
    steps().complete(held.getFirst());
    assertThat(((Pulse.Alive) beat(session)).revoked()).isEmpty();
    assertThat(commands().cancel(held.get(1).run().task())).isTrue();

    var pulse = (Pulse.Alive) beat(session);
    assertThat(pulse.revoked()).containsExactly(held.get(1).run().key());
    assertThat(pulse.cancelAsked()).isEmpty();
    assertThat(((Pulse.Alive) beat(steps().open("b"))).revoked()).isEmpty();
    advance(Samples.TIME_TO_LIVE.plusSeconds(1));
    assertThat(((Pulse.Alive) beat(session)).revoked()).isEmpty();
  }

  @Test
  void beat_ofASessionThatNeverWas_isOver() {
    assertThat(beat(new SessionId(4711))).isEqualTo(new Pulse.Over());
  }

  @Test
  void beat_keepsASessionOverAnOutage() {
    SessionId session = steps().open("a");
    advance(Samples.TIME_TO_LIVE.plusSeconds(5));

    assertThat(beat(session)).isInstanceOf(Pulse.Alive.class);
    assertThat(storage().sessions().lost(10)).isEmpty();
    assertThat(beat(session)).isInstanceOf(Pulse.Alive.class);
  }

  @Test
  void end_isFinalAndIdempotent() {
    SessionId session = steps().open("a");
    storage().sessions().end(session);
    storage().sessions().end(session);

    assertThat(beat(session)).isEqualTo(new Pulse.Over());
    assertThat(condition("a")).isEqualTo(NodeCondition.DEAD);
  }

  @Test
  void lost_namesEndedSessionsThatHoldRuns() {
    steps().submit(2);
    SessionId a = steps().open("a");
    SessionId b = steps().open("b");
    SessionId idle = steps().open("c");
    steps().claimOne(a);
    steps().claimOne(b);
    List.of(a, b, idle).forEach(storage().sessions()::end);

    assertThat(storage().sessions().lost(10)).containsExactlyInAnyOrder(a, b);
    assertThat(storage().sessions().lost(1)).hasSize(1);
  }

  @Test
  void lost_endsASessionWhoseHeartbeatIsTooOld() {
    steps().submit();
    SessionId silent = steps().open("a");
    Held held = steps().claimOne(silent);
    advance(Samples.TIME_TO_LIVE.minusSeconds(2));
    SessionId alive = steps().open("b");
    assertThat(storage().sessions().lost(10)).isEmpty();
    advance(Duration.ofSeconds(3));

    assertThat(storage().sessions().lost(10)).containsExactly(silent);
    assertThat(beat(silent)).isEqualTo(new Pulse.Over());
    assertThat(beat(alive)).isInstanceOf(Pulse.Alive.class);
    assertThat(commands().reap()).isEqualTo(1);
    assertThat(steps().complete(held)).isFalse();
  }

  @Test
  void nodes_showWhatTheNodeSaidOfItself() {
    var start = samples().node("a");
    var opened = (Opening.Opened) storage().sessions().open(start);
    NodeView fresh = node("a");
    assertThat(fresh.session()).isEqualTo(opened.session());
    assertThat(fresh.address()).isEqualTo(start.address());
    assertThat(fresh.slots()).isEqualTo(start.slots());
    assertThat(fresh.startedAt()).isEqualTo(opened.at());
    assertThat(fresh.profile().labels()).isEqualTo(start.labels());
    assertThat(fresh.profile().types()).isEqualTo(start.types());
    assertThat(fresh.profile().freeSlots()).isEqualTo(start.slots());
    assertThat(fresh.profile().condition()).isEqualTo(NodeCondition.HEALTHY);
    advance(Duration.ofSeconds(2));
    var pulse = (Pulse.Alive) beat(opened.session());

    assertThat(node("a").heartbeatAt()).isEqualTo(pulse.now());
    assertThat(node("a").profile().freeSlots()).isEqualTo(LOAD.freeSlots());
  }

  @Test
  void nodes_tellTheConditionOfEach() {
    SessionId draining = steps().open("draining");
    SessionId dead = steps().open("dead");
    SessionId healthy = steps().open("healthy");
    steps().open("stale");
    storage().sessions().end(dead);
    advance(Samples.TIME_TO_LIVE.plusSeconds(1));
    assertThat(beat(healthy)).isInstanceOf(Pulse.Alive.class);
    storage().sessions().beat(draining, new NodeLoad(0, true), null);

    assertThat(condition("dead")).isEqualTo(NodeCondition.DEAD);
    assertThat(condition("draining")).isEqualTo(NodeCondition.DRAINING);
    assertThat(condition("healthy")).isEqualTo(NodeCondition.HEALTHY);
    assertThat(condition("stale")).isEqualTo(NodeCondition.STALE);
  }

  @Test
  void nodes_areStaleBeforeTheyAreDead() {
    SessionId session = steps().open("a");
    advance(Samples.STALE_AFTER.minusSeconds(1));
    assertThat(condition("a")).isEqualTo(NodeCondition.HEALTHY);
    advance(Duration.ofSeconds(2));
    assertThat(condition("a")).isEqualTo(NodeCondition.STALE);
    assertThat(storage().sessions().lost(10)).isEmpty();

    assertThat(beat(session)).isInstanceOf(Pulse.Alive.class);
    assertThat(condition("a")).isEqualTo(NodeCondition.HEALTHY);
  }

  @Test
  void nodes_tellWhoOnlyReads() {
    var opening = storage().sessions().open(samples().inMode("a", NodeStart.Mode.OBSERVER));
    assertThat(condition("a")).isEqualTo(NodeCondition.OBSERVER);

    storage().sessions().end(((Opening.Opened) opening).session());
    assertThat(condition("a")).isEqualTo(NodeCondition.DEAD);
  }

  @Test
  void endVanished_leavesASessionWhoseProcessLives() {
    SessionId session = steps().open("a");
    assertThat(beat(session)).isInstanceOf(Pulse.Alive.class);

    assertThat(storage().sessions().vanished()).isEmpty();
    assertThat(storage().sessions().endVanished(session)).isFalse();
    assertThat(storage().sessions().endVanished(new SessionId(4711))).isFalse();
    assertThat(beat(session)).isInstanceOf(Pulse.Alive.class);
  }

  @Test
  void nodes_showTheNewestSessionOfEachByName() {
    steps().open("b");
    steps().open("a");
    SessionId newest = steps().open("b");

    assertThat(storage().sessions().nodes())
        .extracting(node -> node.profile().node().value())
        .containsExactly("a", "b");
    assertThat(node("b").session()).isEqualTo(newest);
  }

  @Test
  void open_exclusively_endsEveryOtherSession() {
    SessionId a = steps().open("a");
    var opening = storage().sessions().open(samples().exclusive("b"));

    assertThat(opening).isInstanceOf(Opening.Opened.class);
    assertThat(beat(a)).isEqualTo(new Pulse.Over());
    assertThat(beat(((Opening.Opened) opening).session())).isInstanceOf(Pulse.Alive.class);
  }

  @Test
  void open_isRefusedWhileAnotherProcessHoldsTheStorage() {
    var held = (Opening.Opened) storage().sessions().open(samples().exclusive("holder"));
    var others = harness().another().sessions();

    assertThat(others.open(samples().exclusive("b")))
        .isInstanceOfSatisfying(
            Opening.Refused.class, refused -> assertThat(refused.holder()).contains("holder"));
    assertThat(others.open(samples().node("c"))).isInstanceOf(Opening.Refused.class);
    assertThat(beat(held.session())).isInstanceOf(Pulse.Alive.class);
  }

  @Test
  void open_isFreeOnceTheHolderHasEnded() {
    var held = (Opening.Opened) storage().sessions().open(samples().exclusive("a"));
    storage().sessions().end(held.session());

    assertThat(harness().another().sessions().open(samples().exclusive("b")))
        .isInstanceOf(Opening.Opened.class);
  }
}
