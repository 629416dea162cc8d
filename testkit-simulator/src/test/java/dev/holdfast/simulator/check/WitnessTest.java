package dev.holdfast.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WitnessTest {

  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final TaskId TASK = new TaskId(new UUID(1, 1));

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryStorage truth = new InMemoryStorage(clock);
  private final Verdict verdict = new Verdict(() -> 0, true);
  private final Witness witness = new Witness(verdict, truth, clock, true);
  private final Someone first = new Someone("first");
  private final Someone second = new Someone("second");

  private final class Someone implements Subject {

    private final NodeId node;
    private final SessionId session;
    private Long says;

    Someone(String name) {
      node = new NodeId(name);
      NodeStart start = new NodeStart(
          node, "", Map.of(), Set.of(), 1, LEASE, LEASE.multipliedBy(9), NodeStart.Mode.MEMBER);
      session = ((Opened) truth.sessions().open(start)).session();
    }

    void wins(long term) {
      witness
          .terms()
          .won(
              this,
              new Leadership(
                  new Term(1, term),
                  session,
                  node,
                  "",
                  clock.instant(),
                  clock.instant().plus(LEASE)));
    }

    @Override
    public NodeId node() {
      return node;
    }

    @Override
    public Long leadsTerm() {
      return says;
    }

    @Override
    public Long dutyTerm() {
      return null;
    }

    @Override
    public void opened(SessionId opened) {}

    @Override
    public void won(long term) {
      says = term;
    }
  }

  private static RunKey run(int number) {
    return new RunKey(TASK, number);
  }

  private void assertBroken(String property) {
    assertThat(verdict.isBroken()).isTrue();
    assertThat(verdict.broken()).startsWith(property + ": ");
    assertThat(verdict.trace()).contains(property + " broken");
  }

  @Test
  void terms_thatFollowEachOther_areFine() {
    first.wins(1);
    first.wins(1);
    witness.terms().renewed(new Term(1, 1), clock.instant());
    first.says = null;
    second.wins(2);
    witness.terms().resigned(new Term(1, 1));
    witness.terms().resigned(new Term(1, 2));
    witness.terms().wrote(second, 2);

    assertThat(verdict.isBroken()).isFalse();
    assertThat(witness.newestTerm()).isEqualTo(2);
  }

  @Test
  void term_thatTwoHave_isNoticed() {
    first.wins(1);
    second.wins(1);
    assertBroken("S6");
  }

  @Test
  void term_thatIsSmaller_isNoticed() {
    first.wins(2);
    clock.advance(LEASE.plusSeconds(1));
    second.wins(1);
    assertBroken("S6");
  }

  @Test
  void lead_withinAnother_isNoticed() {
    first.wins(1);
    first.says = null;
    second.wins(2);
    assertBroken("S6");
  }

  @Test
  void lead_ofOneWhoseSessionHasEnded_isFollowedAtOnce() {
    first.wins(1);
    truth.sessions().end(first.session);
    second.wins(2);
    assertThat(verdict.isBroken()).isFalse();
  }

  @Test
  void two_whoSayThatTheyLead_areNoticed() {
    first.wins(1);
    clock.advance(LEASE.plusSeconds(1));
    second.wins(2);
    assertBroken("S6");
  }

  @Test
  void renewal_ofAnOldTerm_isNoticed() {
    witness.terms().renewed(new Term(1, 1), clock.instant());
    assertBroken("S6");
  }

  @Test
  void write_inAnOldTerm_isNoticed() {
    first.wins(2);
    witness.terms().wrote(first, 1);
    assertBroken("S5");
  }

  @Test
  void completion_withoutALease_isNoticed() {
    witness.leases().completed(first, run(1));
    assertBroken("S3");
  }

  @Test
  void settlement_withoutALease_isNoticed() {
    witness.leases().settled(first, run(1));
    assertBroken("S3");
  }

  @Test
  void sessions_ofAnOlderLife_areNoticed() {
    witness.opened(first, first.session);
    witness.beaten(first, first.session);
    assertThat(verdict.isBroken()).isFalse();
    witness.beaten(first, second.session);
    assertBroken("S2");
  }

  @Test
  void heartbeat_ofAnEndedSession_isNoticed() {
    witness.opened(first, first.session);
    truth.sessions().end(first.session);
    witness.beaten(first, first.session);
    assertBroken("S2");
  }

  @Test
  void runs_ofALiveSession_areNotTaken() {
    witness.reaped(second, first.session, List.of());
    assertBroken("S2");
  }

  @Test
  void acknowledgement_ofATaskThatIsNotThere_isNoticed() {
    witness.acknowledged().accepted("key", TASK);
    assertBroken("S1");
    assertThat(witness.acknowledged().size()).isEqualTo(1);
  }

  @Test
  void acknowledgement_ofTwoTasksForOneKey_isNoticed() {
    witness.acknowledged().accepted("key", TASK);
    witness.acknowledged().accepted("key", new TaskId(new UUID(1, 2)));
    witness.acknowledged().compareWithState();
    assertThat(verdict.trace()).contains("was acknowledged as " + TASK + ", now as");
  }
}
