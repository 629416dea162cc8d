package dev.holdfast.postgres.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the lock of a term lets pass and what it holds back, while its transaction is open. */
@Timeout(60)
final class TermFenceTest {

  private static final Duration LEASE = Duration.ofSeconds(5);

  private final PostgresHarness harness = new PostgresHarness();
  private final Storage leader = harness.storage();
  private final Storage other = harness.another();
  private final Leadership lead =
      ((Contest.Won) leader.coordination().elections().contend(candidate("a"), LEASE)).leadership();
  private final CountDownLatch locked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    harness.close();
  }

  private Candidate candidate(String name) {
    NodeStart start = new Samples(1).node(name);
    return new Candidate(((Opened) other.sessions().open(start)).session(), new NodeId(name));
  }

  private CompletableFuture<Boolean> holdTheTerm() throws InterruptedException {
    CompletableFuture<Boolean> held = beside(() -> leader.transact(tx -> {
      boolean isMine = tx.leads(lead.term());
      locked.countDown();
      await(release);
      return isMine;
    }));
    assertThat(locked.await(30, TimeUnit.SECONDS)).isTrue();
    return held;
  }

  private static <T> CompletableFuture<T> beside(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_renewal_passes_an_open_write_of_its_own_term() throws Exception {
    CompletableFuture<Boolean> held = holdTheTerm();

    assertThat(leader.coordination().elections().renew(lead.term(), LEASE)).isTrue();

    assertThat(held.isDone()).isFalse();
    release.countDown();
    assertThat(held.get().booleanValue()).isTrue();
  }

  private Pulse.Alive beat() {
    return (Pulse.Alive) leader
        .sessions()
        .beat(lead.session(), new NodeLoad(1, false), new Renewal(lead.term(), LEASE));
  }

  @Test
  void a_heartbeat_renews_past_an_open_write_of_its_own_term() throws Exception {
    CompletableFuture<Boolean> held = holdTheTerm();

    assertThat(beat().renewed()).isTrue();

    assertThat(held.isDone()).isFalse();
    release.countDown();
    assertThat(held.get().booleanValue()).isTrue();
  }

  @Test
  void a_heartbeat_waits_for_no_contest_and_says_that_it_did_not_renew() throws Exception {
    try (var connection = harness.database().connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET search_path = \"" + harness.database().schema() + "\"");
      statement.execute("SELECT term FROM lead FOR UPDATE");

      Pulse.Alive during = beat();

      assertThat(during.renewed()).isFalse();
      assertThat(during.outlook().lead()).isEqualTo(lead);
      connection.rollback();
    }
    assertThat(beat().renewed()).isTrue();
  }

  @Test
  void a_takeover_waits_for_an_open_write_and_gets_a_whole_lease_all_the_same() throws Exception {
    Candidate second = candidate("b");
    CompletableFuture<Boolean> held = holdTheTerm();
    harness.advance(LEASE);
    CompletableFuture<Contest> contest =
        beside(() -> other.coordination().elections().contend(second, LEASE));
    harness.awaitWaiter("FROM lead FOR UPDATE");
    assertThat(contest.isDone()).isFalse();

    release.countDown();

    assertThat(held.get().booleanValue()).isTrue();
    Leadership won = ((Contest.Won) contest.get()).leadership();
    assertThat(won.term().number()).isGreaterThan(lead.term().number());
    assertThat(Duration.between(won.since(), won.expiresAt()))
        .isBetween(LEASE, LEASE.plusSeconds(1));
    boolean stillLeads = leader.transact(tx -> tx.leads(lead.term()));
    assertThat(stillLeads).isFalse();
  }

  @Test
  void a_lease_that_is_over_before_it_is_read_was_won_and_is_free_again() {
    harness.advance(LEASE);
    Contest first = other.coordination().elections().contend(candidate("b"), Duration.ofNanos(1));
    Contest second = other.coordination().elections().contend(candidate("c"), LEASE);

    assertThat(((Contest.Won) second).leadership().term().number())
        .isGreaterThan(((Contest.Won) first).leadership().term().number());
  }
}
