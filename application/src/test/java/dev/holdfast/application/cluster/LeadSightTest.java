package dev.holdfast.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.port.node.Term;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What heartbeats have told, a lead does not ask. */
class LeadSightTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private final Instant origin = clock.instant();
  private final InMemoryStorage memory = new InMemoryStorage(clock);
  private final Node first = new Node("first");
  private final Node second = new Node("second");

  private long nanos() {
    return Duration.between(origin, clock.instant()).toNanos();
  }

  private final class Node extends Delegating implements Duties {

    private final Candidate candidate;
    private final Lead lead;
    private final List<String> log = new ArrayList<>();
    private int renewals;
    private int contests;

    Node(String name) {
      super(memory);
      NodeStart start = new NodeStart(
          new NodeId(name),
          "",
          Map.of(),
          Set.of(),
          1,
          Duration.ofHours(1),
          Duration.ofHours(2),
          NodeStart.Mode.MEMBER);
      Opened opened = (Opened) memory.sessions().open(start);
      candidate = new Candidate(opened.session(), start.node());
      lead = new Lead(
          this,
          () -> Optional.of(candidate),
          ClusterSettings.DEFAULT,
          this,
          LeadSightTest.this::nanos);
    }

    void beat() {
      beat(lead.renewal());
    }

    void beat(@Nullable Renewal renewal) {
      long asked = nanos();
      NodeLoad load = new NodeLoad(1, false);
      var alive = (Pulse.Alive) memory.sessions().beat(candidate.session(), load, renewal);
      lead.see(new Sight(alive.outlook(), asked), renewal, alive.renewed());
    }

    @Override
    public void begin(Leadership leadership, Storage led) {
      log.add("begin " + leadership.term());
    }

    @Override
    public void end() {
      log.add("end");
    }

    @Override
    protected void answered() {
      contests++;
    }

    @Override
    public boolean renew(Term term, Duration lease) {
      renewals++;
      return super.renew(term, lease);
    }
  }

  @Test
  void heartbeats_renew_the_lead_and_tell_the_others_so_that_nobody_asks() {
    first.lead.tick();
    second.lead.tick();
    for (int i = 0; i < 20; i++) {
      clock.advance(SECOND);
      first.beat();
      second.beat();
      first.lead.tick();
      second.lead.tick();
    }

    assertThat(first.lead.isLeader()).isTrue();
    assertThat(first.log).containsExactly("begin 1");
    assertThat(first.renewals).isZero();
    assertThat(second.contests).as("at its start").isEqualTo(1);
    assertThat(second.lead.leader().map(Leadership::node)).contains(new NodeId("first"));
  }

  @Test
  void a_leader_renews_by_itself_when_no_heartbeat_did() {
    first.lead.tick();
    clock.advance(SECOND);
    first.beat(null);
    first.lead.tick();
    assertThat(first.renewals).as("the next heartbeat may be a moment late").isZero();
    clock.advance(SECOND.dividedBy(2));

    first.lead.tick();

    assertThat(first.renewals).isEqualTo(1);
  }

  @Test
  void a_renewal_that_a_heartbeat_was_refused_is_asked_for_at_once_and_demotes() {
    first.lead.tick();
    Renewal renewal = first.lead.renewal();
    memory.sessions().end(second.candidate.session());
    memory.coordination().elections().resign(renewal.term());
    int[] wakes = new int[1];
    first.lead.wakeBy(() -> wakes[0]++);

    first.beat();
    first.lead.tick();

    assertThat(wakes[0]).isEqualTo(1);
    assertThat(first.renewals).isEqualTo(1);
    assertThat(first.log).containsExactly("begin 1", "end", "begin 2");
  }

  @Test
  void an_answer_for_an_earlier_term_or_of_an_earlier_heartbeat_shortens_nothing() {
    first.lead.tick();
    Renewal renewal = first.lead.renewal();
    var seen = ((Pulse.Alive)
            memory.sessions().beat(first.candidate.session(), new NodeLoad(1, false), renewal))
        .outlook();
    long before = nanos();
    clock.advance(SECOND.multipliedBy(4));
    first.beat();

    first.lead.see(new Sight(seen, before), renewal, true);
    Term other = new Term(renewal.term().incarnation(), 77);
    first.lead.see(new Sight(seen, nanos()), new Renewal(other, SECOND), false);
    clock.advance(SECOND.multipliedBy(4));

    assertThat(first.lead.isLeader()).isTrue();
  }

  @Test
  void a_heartbeat_that_sees_no_leader_makes_the_node_contend() {
    first.lead.tick();
    second.lead.tick();
    clock.advance(SECOND);
    first.lead.resign();
    second.beat();

    second.lead.tick();

    assertThat(second.lead.isLeader()).isTrue();
  }

  @Test
  void a_leader_that_heartbeats_see_vanished_is_followed_after_a_second_look() {
    first.lead.tick();
    second.lead.tick();
    clock.advance(SECOND);
    int[] wakes = new int[1];
    second.lead.wakeBy(() -> wakes[0]++);
    memory.processDied(new NodeId("first"));
    second.beat();
    assertThat(wakes[0]).as("looks again soon").isEqualTo(1);
    second.lead.tick();
    assertThat(second.lead.isLeader()).as("one look is not enough").isFalse();

    second.lead.tick();

    assertThat(second.lead.isLeader()).isTrue();
  }
}
