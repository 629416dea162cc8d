package dev.holdfast.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.testing.TamperedStorage;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One clock for the storage and for the nodes' monotonic time; a test moves it. */
class LeadTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ClusterSettings AUTO = ClusterSettings.DEFAULT;

  private final VirtualClock clock = new VirtualClock();
  private final Instant origin = clock.instant();
  private final InMemoryStorage memory = new InMemoryStorage(clock);
  private final TamperedStorage storage = new TamperedStorage(memory);
  private final Node first = new Node("first", storage, AUTO);
  private final Node second = new Node("second", memory, AUTO);

  private long nanos() {
    return Duration.between(origin, clock.instant()).toNanos();
  }

  private final class Node implements Duties {

    private final Candidate candidate;
    private final Lead lead;
    private final List<String> log = new ArrayList<>();
    private Storage led;

    Node(String name, Storage on, ClusterSettings settings) {
      NodeStart start = new NodeStart(
          new NodeId(name),
          "http://" + name,
          Map.of(),
          Set.of(),
          1,
          Duration.ofHours(1),
          Duration.ofHours(2),
          NodeStart.Mode.MEMBER);
      Opened opened = (Opened) memory.sessions().open(start);
      candidate = new Candidate(opened.session(), start.node());
      lead = new Lead(on, () -> Optional.of(candidate), settings, this, LeadTest.this::nanos);
    }

    @Override
    public void begin(Leadership leadership, Storage newLed) {
      led = newLed;
      log.add("begin " + leadership.term());
    }

    @Override
    public void end() {
      log.add(lead.leader().isPresent() ? "end while leading" : "end");
    }

    boolean mayWrite() {
      return led.transact(tx -> true);
    }
  }

  @Test
  void the_first_to_ask_leads_and_the_others_know_who() {
    first.lead.tick();
    second.lead.tick();

    assertThat(first.lead.isLeader()).isTrue();
    assertThat(first.log).containsExactly("begin 1");
    assertThat(second.lead.isLeader()).isFalse();
    assertThat(second.lead.leader().map(Leadership::node)).contains(new NodeId("first"));
  }

  @Test
  void a_leader_renews_in_time_for_as_long_as_it_likes() {
    for (int i = 0; i < 20; i++) {
      first.lead.tick();
      second.lead.tick();
      clock.advance(SECOND);
    }

    assertThat(first.lead.isLeader()).isTrue();
    assertThat(first.log).containsExactly("begin 1");
  }

  @Test
  void a_leader_that_gets_no_answer_leads_until_its_deadline_and_not_longer() {
    first.lead.tick();
    storage.down(true);
    for (int i = 0; i < 4; i++) {
      clock.advance(SECOND);
      first.lead.tick();
    }
    assertThat(first.lead.isLeader()).isTrue();

    clock.advance(SECOND);
    assertThat(first.lead.isLeader()).as("before anything has ticked").isFalse();
    assertThat(first.lead.leader()).isEmpty();
    new LeadDeadline(first.lead).tick();

    assertThat(first.log).containsExactly("begin 1", "end");
  }

  @Test
  void the_deadline_counts_from_before_the_request() {
    first.lead.tick();
    clock.advance(SECOND);
    Node slow = new Node("slow", new Slow(memory, Duration.ofSeconds(4)), AUTO);
    first.lead.resign();

    slow.lead.tick();
    assertThat(slow.lead.isLeader()).as("the answer took four of five seconds").isTrue();
    clock.advance(SECOND);

    assertThat(slow.lead.isLeader()).isFalse();
  }

  @Test
  void a_renewal_that_is_refused_demotes_at_once_and_the_node_tries_again() {
    first.lead.tick();
    clock.advance(Duration.ofSeconds(6));
    second.lead.tick();
    assertThat(second.log).containsExactly("begin 2");

    first.lead.tick();

    assertThat(first.log).containsExactly("begin 1", "end");
    assertThat(first.lead.leader().map(Leadership::node)).contains(new NodeId("second"));
    second.lead.resign();
    clock.advance(SECOND);
    first.lead.tick();
    assertThat(first.log).endsWith("begin 3");
  }

  @Test
  void writes_of_an_old_term_change_nothing() {
    first.lead.tick();
    assertThat(first.mayWrite()).isTrue();
    clock.advance(Duration.ofSeconds(6));

    assertThatThrownBy(first::mayWrite).isInstanceOf(Demoted.class).hasMessageContaining("1");
    second.lead.tick();
    assertThatThrownBy(first::mayWrite).isInstanceOf(Demoted.class);
    assertThat(second.mayWrite()).isTrue();
  }

  @Test
  void a_led_storage_reads_like_the_storage_it_is_of() {
    first.lead.tick();

    assertThat(first.led.sessions()).isNotNull();
    assertThat(first.led.tasks().stats().queues()).isEmpty();
    assertThat(first.led.events().start()).isEqualTo(memory.events().start());
    assertThat(first.led.coordination().elections().leader()).isPresent();
    first.led.upkeep().tidy();
    first.led.close();
    assertThat(memory.transact(StorageTx::now)).isNotNull();
  }

  @Test
  void resign_without_an_answer_leaves_the_lead_to_its_lease() {
    first.lead.tick();
    storage.down(true);

    first.lead.resign();

    assertThat(first.lead.isLeader()).isFalse();
    assertThat(first.log).containsExactly("begin 1", "end while leading");
    assertThat(memory.coordination().elections().leader()).isPresent();
    clock.advance(AUTO.leaderLease());
    second.lead.tick();
    assertThat(second.lead.isLeader()).isTrue();
  }

  @Test
  void resign_frees_the_lead_at_once_and_for_good() {
    first.lead.tick();
    first.lead.resign();
    first.lead.tick();
    second.lead.tick();

    assertThat(first.log).containsExactly("begin 1", "end while leading");
    assertThat(second.lead.isLeader()).isTrue();
    second.lead.resign();
    second.lead.resign();
    assertThat(second.log).containsExactly("begin 2", "end while leading");
  }

  @Test
  void a_leader_whose_process_is_gone_in_two_looks_is_followed_before_its_lease_is_over() {
    first.lead.tick();
    second.lead.tick();
    memory.processDied(new NodeId("first"));

    second.lead.tick();
    assertThat(second.lead.isLeader()).as("one look is not enough").isFalse();
    second.lead.tick();

    assertThat(second.lead.isLeader()).isTrue();
    assertThat(memory.sessions().beat(first.candidate.session(), new NodeLoad(0, false), null))
        .isEqualTo(new dev.holdfast.domain.port.node.Sessions.Pulse.Over());
  }

  @Test
  void a_leader_that_is_connected_again_is_left_alone() {
    first.lead.tick();
    second.lead.tick();
    memory.processDied(new NodeId("first"));
    second.lead.tick();
    memory.sessions().beat(first.candidate.session(), new NodeLoad(0, false), null);

    second.lead.tick();

    assertThat(second.lead.isLeader()).isFalse();
  }

  @Test
  void a_worker_never_contends_but_knows_who_leads() {
    Node worker = new Node(
        "worker",
        memory,
        new ClusterSettings(Role.WORKER, AUTO.leaderLease(), AUTO.leaderRenew(), AUTO.watch()));
    worker.lead.tick();
    assertThat(worker.lead.leader()).isEmpty();
    first.lead.tick();
    clock.advance(SECOND);
    worker.lead.tick();

    assertThat(worker.log).isEmpty();
    assertThat(worker.lead.leader().map(Leadership::node)).contains(new NodeId("first"));
  }

  @Test
  void a_wake_up_makes_it_ask_before_it_is_time() {
    first.lead.tick();
    second.lead.tick();
    first.lead.resign();
    second.lead.tick();
    assertThat(second.lead.isLeader()).isFalse();

    second.lead.wake();
    second.lead.tick();

    assertThat(second.lead.isLeader()).isTrue();
  }

  @Test
  void nobody_contends_without_a_session() throws Exception {
    Lead none = new Lead(memory, Optional::empty, AUTO, first, this::nanos);

    assertThat(none.tick()).isEqualTo(AUTO.watch());

    assertThat(memory.coordination().elections().leader()).isEmpty();
    assertThat(none.awaitWin(Duration.ZERO)).isFalse();
  }

  @Test
  void settings_name_every_fault() {
    assertThatThrownBy(
            () -> new ClusterSettings(Role.AUTO, SECOND.multipliedBy(2), SECOND, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leaderRenew must be less than half of leaderLease")
        .hasMessageContaining("watch must be positive");
  }

  /** Answers of its elections take their time. */
  private final class Slow extends Delegating {

    private final Duration delay;

    Slow(Storage inner, Duration delay) {
      super(inner);
      this.delay = delay;
    }

    @Override
    protected void answered() {
      clock.advance(delay);
    }
  }
}
