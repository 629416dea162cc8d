package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who leads, and what a term is worth. */
public abstract class ElectionsContract extends StorageContract {

  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int RACERS = 8;

  private Elections elections() {
    requires(Capability.CLUSTER);
    return storage().coordination().elections();
  }

  private Contest contend(String node, SessionId session) {
    return elections().contend(new Candidate(session, new NodeId(node)), LEASE);
  }

  private Contest contend(String node) {
    return contend(node, steps().open(node));
  }

  private static Leadership won(Contest contest) {
    assertThat(contest).isInstanceOf(Contest.Won.class);
    return ((Contest.Won) contest).leadership();
  }

  private boolean leads(Term term) {
    return storage().transact(tx -> tx.leads(term));
  }

  @Test
  void elections_ofAStorageForOneProcess_sayWhyThereAreNone() {
    if (harness().capabilities().contains(Capability.CLUSTER)) {
      assertThat(elections().leader()).isEmpty();
    } else {
      assertThatThrownBy(() -> storage().coordination().elections())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("no cluster");
    }
  }

  @Test
  void contend_isWonWhenNobodyLeads() {
    SessionId session = steps().open("a");
    var before = now();
    Leadership lead = won(contend("a", session));

    assertThat(lead.session()).isEqualTo(session);
    assertThat(lead.node()).isEqualTo(new NodeId("a"));
    assertThat(lead.address()).isEqualTo(samples().node("a").address());
    assertThat(lead.since()).isBetween(before, now());
    assertThat(Duration.between(lead.since(), lead.expiresAt()))
        .isBetween(LEASE, LEASE.plusSeconds(1));
    assertThat(elections().leader()).contains(lead);
    assertThat(leads(lead.term())).isTrue();
  }

  @Test
  void contend_isLostWhileAnotherLeads() {
    Leadership lead = won(contend("a"));

    assertThat(contend("b")).isEqualTo(new Contest.Lost(lead));
    assertThat(elections().leader()).contains(lead);
  }

  @Test
  void contend_ofTheLeaderKeepsItsTermAndLastsLonger() {
    SessionId session = steps().open("a");
    Leadership first = won(contend("a", session));
    advance(Duration.ofSeconds(2));
    Leadership again = won(contend("a", session));

    assertThat(again.term()).isEqualTo(first.term());
    assertThat(again.since()).isEqualTo(first.since());
    assertThat(again.expiresAt()).isAfter(first.expiresAt());
  }

  @Test
  void contend_takesOverOnceTheLeaseIsOver_underAGreaterTerm() {
    Leadership first = won(contend("a"));
    SessionId b = steps().open("b");
    advance(LEASE.minusSeconds(1));
    assertThat(contend("b", b)).isInstanceOf(Contest.Lost.class);
    advance(Duration.ofSeconds(1));
    Leadership second = won(contend("b", b));

    assertThat(second.term().number()).isGreaterThan(first.term().number());
    assertThat(leads(first.term())).isFalse();
    assertThat(leads(second.term())).isTrue();
  }

  @Test
  void contend_takesOverAtOnceWhenTheLeadersSessionHasEnded() {
    SessionId a = steps().open("a");
    Leadership first = won(contend("a", a));
    storage().sessions().end(a);
    assertThat(elections().leader()).isEmpty();

    assertThat(won(contend("b")).term().number()).isGreaterThan(first.term().number());
  }

  @Test
  void contend_ofTheSameNodeAnewIsNotBlockedByItsEarlierSession() {
    Leadership first = won(contend("a"));
    Leadership second = won(contend("a"));

    assertThat(second.term().number()).isGreaterThan(first.term().number());
    assertThat(leads(first.term())).isFalse();
  }

  @Test
  void contend_needsALivingSession() {
    SessionId ended = steps().open("a");
    storage().sessions().end(ended);
    SessionId silent = steps().open("b");
    advance(Samples.TIME_TO_LIVE.plusSeconds(1));

    assertThat(contend("a", ended)).isEqualTo(new Contest.SessionOver());
    assertThat(contend("b", silent)).isEqualTo(new Contest.SessionOver());
    assertThat(contend("c", new SessionId(4711))).isEqualTo(new Contest.SessionOver());
    assertThat(elections().leader()).isEmpty();
  }

  @Test
  void renew_makesTheLeadLastLonger() {
    Leadership lead = won(contend("a"));
    advance(Duration.ofSeconds(4));
    assertThat(elections().renew(lead.term(), LEASE)).isTrue();
    advance(Duration.ofSeconds(4));

    assertThat(leads(lead.term())).isTrue();
    assertThat(contend("b")).isInstanceOf(Contest.Lost.class);
    assertThat(elections().leader().orElseThrow().since()).isEqualTo(lead.since());
  }

  @Test
  void renew_isRefusedOnceTheLeaseIsOver_evenIfNobodyElseTookIt() {
    Leadership lead = won(contend("a"));
    advance(LEASE);

    assertThat(elections().renew(lead.term(), LEASE)).isFalse();
    assertThat(leads(lead.term())).isFalse();
    assertThat(elections().leader()).isEmpty();
  }

  @Test
  void renew_isRefusedToAnOldTerm_andToAnEndedSession() {
    SessionId a = steps().open("a");
    Leadership first = won(contend("a", a));
    storage().sessions().end(a);
    assertThat(elections().renew(first.term(), LEASE)).isFalse();
    Leadership second = won(contend("b"));

    assertThat(elections().renew(first.term(), LEASE)).isFalse();
    assertThat(elections().renew(second.term(), LEASE)).isTrue();
  }

  @Test
  void resign_givesTheLeadBackAtOnce() {
    Leadership first = won(contend("a"));
    elections().resign(first.term());
    assertThat(elections().leader()).isEmpty();
    assertThat(leads(first.term())).isFalse();
    Leadership second = won(contend("b"));
    elections().resign(first.term());

    assertThat(elections().leader()).contains(second);
    assertThat(second.term().number()).isGreaterThan(first.term().number());
  }

  @Test
  void leads_isFalseForATermOfAnotherIncarnation() {
    Term term = won(contend("a")).term();

    assertThat(leads(new Term(term.incarnation() + 1, term.number()))).isFalse();
    assertThat(elections().renew(new Term(term.incarnation() + 1, term.number()), LEASE))
        .isFalse();
  }

  @Test
  void leads_holdsATakeoverBackUntilItsTransactionEnds() {
    Leadership first = won(contend("a"));
    SessionId b = steps().open("b");
    AtomicBoolean taken = new AtomicBoolean();
    AtomicBoolean tooEarly = new AtomicBoolean();

    var result = new Duel(storage())
        .between(
            tx -> tx.leads(first.term()),
            () -> {
              advance(LEASE);
              Contest contest = contend("b", b);
              taken.set(true);
              return contest;
            },
            tx -> tooEarly.set(taken.get()));

    assertThat(result.first()).isTrue();
    assertThat(tooEarly).isFalse();
    assertThat(won(result.second()).term().number()).isGreaterThan(first.term().number());
  }

  @Test
  void contend_hasExactlyOneWinnerOfManyRacers_inEveryTerm() throws Exception {
    requires(Capability.CLUSTER);
    List<SessionId> sessions = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      sessions.add(steps().open("racer-" + i));
    }
    Set<Term> terms = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        List<Contest.Won> winners = race(threads, sessions);
        assertThat(winners).hasSize(1);
        assertThat(terms.add(winners.getFirst().leadership().term())).isTrue();
        elections().resign(winners.getFirst().leadership().term());
      }
    }
  }

  private List<Contest.Won> race(ExecutorService threads, List<SessionId> sessions)
      throws Exception {
    List<Callable<Contest>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      String node = "racer-" + i;
      SessionId session = sessions.get(i);
      racers.add(() -> contend(node, session));
    }
    List<Contest.Won> winners = new ArrayList<>();
    for (Future<Contest> racer : threads.invokeAll(racers)) {
      if (racer.get() instanceof Contest.Won won) {
        winners.add(won);
      }
    }
    return winners;
  }
}
