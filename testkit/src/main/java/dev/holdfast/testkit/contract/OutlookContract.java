package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Outlook.Duty;
import dev.holdfast.domain.port.node.Sessions.Opening;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the answer of a heartbeat tells, so that nobody has to look for it alone. */
public abstract class OutlookContract extends StorageContract {

  private static final Duration LEASE = Duration.ofSeconds(5);

  private Pulse.Alive beat(SessionId session, @Nullable Renewal renewal) {
    Pulse pulse = storage().sessions().beat(session, new NodeLoad(1, false), renewal);
    assertThat(pulse).isInstanceOf(Pulse.Alive.class);
    return (Pulse.Alive) pulse;
  }

  private Outlook outlook(SessionId session) {
    return beat(session, null).outlook();
  }

  private SessionId openAlone() {
    return ((Opening.Opened) storage().sessions().open(samples().exclusive("alone"))).session();
  }

  private Leadership win(String node, SessionId session) {
    var contest = storage()
        .coordination()
        .elections()
        .contend(new Candidate(session, new NodeId(node)), LEASE);
    assertThat(contest).isInstanceOf(Contest.Won.class);
    return ((Contest.Won) contest).leadership();
  }

  @Test
  void outlook_ofAnEmptyStorage_hasNothingToDo() {
    SessionId session = openAlone();
    Outlook outlook = outlook(session);

    assertThat(outlook.live()).containsExactly(session);
    assertThat(outlook.vanished()).isEmpty();
    assertThat(outlook.lead()).isNull();
    assertThat(outlook.isBusy()).isFalse();
    assertThat(outlook.isPending()).isFalse();
    assertThat(outlook.dues()).isEmpty();
    assertThat(beat(session, null).renewed()).isFalse();
  }

  @Test
  void outlook_tellsWhetherAnythingIsPendingOrHeld() {
    SessionId session = steps().open("a");
    steps().submit();
    assertThat(outlook(session).isPending()).isTrue();
    assertThat(outlook(session).isBusy()).isFalse();
    Held held = steps().claimOne(session);
    assertThat(outlook(session).isPending()).isFalse();
    assertThat(outlook(session).isBusy()).isTrue();
    assertThat(steps().complete(held)).isTrue();

    assertThat(outlook(session).isBusy()).isFalse();
  }

  @Test
  void outlook_namesTheLiveSessions() {
    SessionId a = steps().open("a");
    SessionId b = steps().open("b");
    SessionId ended = steps().open("c");
    assertThat(outlook(a).live()).containsExactly(a, b, ended);
    storage().sessions().end(ended);

    assertThat(outlook(a).live()).containsExactly(a, b);
    assertThat(outlook(b).live()).containsExactly(a, b);
  }

  @Test
  void outlook_ofWhoLeads_tellsWhenTheFirstOfTheOthersIsTooOld() {
    requires(Capability.CLUSTER);
    SessionId a = steps().open("a");
    Renewal renewal = new Renewal(win("a", a).term(), LEASE);
    assertThat(beat(a, renewal).outlook().dues()).isEmpty();
    SessionId b = steps().open("b");
    steps().open("c");
    advance(Duration.ofSeconds(2));
    Instant first = beat(a, renewal).outlook().dues().get(Duty.RECLAIM);
    assertThat(first).isBetween(now(), now().plus(Samples.TIME_TO_LIVE).minusSeconds(1));
    Instant beaten = beat(b, null).now();
    steps().open("c");

    assertThat(beat(a, renewal).outlook().dues())
        .containsOnly(Map.entry(Duty.RECLAIM, beaten.plus(Samples.TIME_TO_LIVE)));
    assertThat(outlook(b).dues()).as("told to who leads").isEmpty();
  }

  @Test
  void outlook_tellsWhenTheFirstTaskIsDue() {
    SessionId session = openAlone();
    Instant soon = now().plusSeconds(60);
    steps().submit(samples().task().due(new Due.At(soon.plusSeconds(60))));
    steps().submit(samples().task().due(new Due.At(soon)));
    assertThat(outlook(session).dues()).containsOnly(Map.entry(Duty.PROMOTE, soon));
    advance(Duration.ofSeconds(61));
    assertThat(steps().promote(10)).isEqualTo(1);

    assertThat(outlook(session).dues()).containsEntry(Duty.PROMOTE, soon.plusSeconds(60));
    assertThat(outlook(session).isPending()).isTrue();
  }

  @Test
  void outlook_tellsWhenTheFirstTaskExpires() {
    SessionId session = openAlone();
    TaskId task = steps().submit().id();
    Instant at = now().plusSeconds(60);
    transact(tx -> tx.places().expireAt(Map.of(task, at)));

    assertThat(outlook(session).dues()).containsOnly(Map.entry(Duty.EXPIRE, at));
  }

  @Test
  void outlook_tellsThatDependantsWerePutOff() {
    SessionId session = openAlone();
    TaskId task = steps().submit().id();
    transact(tx -> tx.dependencies().defer(List.of(new Deferred(task, null))));
    assertThat(outlook(session).dues()).containsOnlyKeys(Duty.WORK_OFF);
    assertThat(outlook(session).dues().get(Duty.WORK_OFF)).isBeforeOrEqualTo(now());
    storage().<List<Deferred>>transact(tx -> tx.dependencies().takeDeferred(1));

    assertThat(outlook(session).dues()).isEmpty();
  }

  @Test
  void beat_renewsTheLead() {
    requires(Capability.CLUSTER);
    SessionId a = steps().open("a");
    SessionId b = steps().open("b");
    Leadership lead = win("a", a);
    assertThat(outlook(b).lead()).isEqualTo(lead);
    advance(Duration.ofSeconds(3));
    Pulse.Alive beaten = beat(a, new Renewal(lead.term(), LEASE));

    assertThat(beaten.renewed()).isTrue();
    Leadership renewed = Objects.requireNonNull(beaten.outlook().lead());
    assertThat(renewed.expiresAt()).isAfter(lead.expiresAt());
    assertThat(renewed.term()).isEqualTo(lead.term());
    assertThat(outlook(b).lead()).isEqualTo(renewed);
    advance(Duration.ofSeconds(3));
    assertThat(storage().coordination().elections().leader()).contains(renewed);
  }

  @Test
  void beat_renewsNoLeadThatIsOver() {
    requires(Capability.CLUSTER);
    SessionId a = steps().open("a");
    Leadership lead = win("a", a);
    advance(LEASE.plusSeconds(1));

    assertThat(beat(a, new Renewal(lead.term(), LEASE)).renewed()).isFalse();
    assertThat(outlook(a).lead()).isNull();
    SessionId b = steps().open("b");
    Leadership next = win("b", b);
    assertThat(beat(a, new Renewal(lead.term(), LEASE)).renewed()).isFalse();
    assertThat(outlook(a).lead()).isEqualTo(next);
    Term other = new Term(next.term().incarnation() + 1, next.term().number());
    assertThat(beat(b, new Renewal(other, LEASE)).renewed()).isFalse();
  }

  @Test
  void outlook_hasNoLeadOfASessionThatEnded() {
    requires(Capability.CLUSTER);
    SessionId a = steps().open("a");
    SessionId b = steps().open("b");
    win("a", a);
    storage().sessions().end(a);

    assertThat(outlook(b).lead()).isNull();
    assertThat(outlook(b).live()).containsExactly(b);
  }
}
