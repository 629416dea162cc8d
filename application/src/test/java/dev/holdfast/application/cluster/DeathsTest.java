package dev.holdfast.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When it is looked for processes that are gone. */
class DeathsTest {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private final Instant origin = clock.instant();
  private final InMemoryStorage memory = new InMemoryStorage(clock);
  private int looks;
  private final Deaths deaths = new Deaths(counting(), this::nanos, LONGEST);
  private final SessionId a = open("a");
  private final SessionId b = open("b");

  private long nanos() {
    return Duration.between(origin, clock.instant()).toNanos();
  }

  private Sessions counting() {
    Sessions real = memory.sessions();
    return (Sessions) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {Sessions.class},
        (proxy, method, arguments) -> {
          looks += method.getName().equals("vanished") ? 1 : 0;
          return method.invoke(real, arguments);
        });
  }

  private SessionId open(String node) {
    NodeStart start = new NodeStart(
        new NodeId(node),
        "",
        Map.of(),
        Set.of(),
        1,
        Duration.ofHours(1),
        Duration.ofHours(2),
        NodeStart.Mode.MEMBER);
    return ((Opened) memory.sessions().open(start)).session();
  }

  private void beat() {
    clock.advance(Duration.ofMillis(10));
    long asked = nanos();
    var alive = (Pulse.Alive) memory.sessions().beat(a, new NodeLoad(1, false), null);
    deaths.see(new Sight(alive.outlook(), asked));
  }

  @Test
  void while_nothing_is_held_the_looks_of_heartbeats_are_enough() {
    beat();
    for (int i = 0; i < 5; i++) {
      assertThat(deaths.end(session -> true)).isZero();
    }

    assertThat(looks).isZero();
  }

  @Test
  void a_process_that_a_heartbeat_sees_gone_ends_with_the_second_look() {
    memory.processDied(new NodeId("b"));
    beat();
    assertThat(deaths.end(session -> true)).isZero();
    assertThat(looks).isZero();

    assertThat(deaths.end(session -> true)).isEqualTo(1);

    assertThat(looks).isEqualTo(1);
    assertThat(memory.sessions().beat(b, new NodeLoad(1, false), null)).isEqualTo(new Pulse.Over());
  }

  @Test
  void one_that_is_connected_again_at_the_second_look_is_left_alone() {
    memory.processDied(new NodeId("b"));
    beat();
    assertThat(deaths.end(session -> true)).isZero();
    memory.sessions().beat(b, new NodeLoad(1, false), null);

    assertThat(deaths.end(session -> true)).isZero();
    assertThat(deaths.end(session -> true)).isZero();
    assertThat(looks).as("and it is quiet again").isEqualTo(1);
  }

  @Test
  void it_looks_by_itself_while_something_is_held() {
    clock.advance(Duration.ofMillis(10));
    deaths.see(
        new Sight(new Outlook(null, List.of(a, b), List.of(), true, false, Map.of()), nanos()));
    assertThat(deaths.end(session -> true)).isZero();
    memory.processDied(new NodeId("b"));
    assertThat(deaths.end(session -> true)).isZero();

    assertThat(deaths.end(session -> true)).isEqualTo(1);
    assertThat(looks).isEqualTo(3);
  }

  @Test
  void it_looks_by_itself_when_no_heartbeat_was_answered_lately() {
    beat();
    clock.advance(LONGEST.multipliedBy(2));
    memory.processDied(new NodeId("b"));
    assertThat(deaths.end(session -> true)).isZero();

    assertThat(deaths.end(session -> true)).isEqualTo(1);
  }

  @Test
  void those_that_are_of_no_concern_live_on() {
    memory.processDied(new NodeId("b"));
    beat();

    for (int i = 0; i < 3; i++) {
      assertThat(deaths.end(a::equals)).isZero();
    }
    assertThat(looks).isZero();
  }
}
