package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.cluster.Sight;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.node.Spared.Dues;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Outlook.Duty;
import dev.holdfast.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A duty that is done when there is something to do. */
class SparedTest {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration STEP = Duration.ofMillis(10);

  private final VirtualClock clock = new VirtualClock();
  private final Instant origin = clock.instant();
  private final StorageTime time = new StorageTime(clock.instant(), this::nanos);
  private final Work duty = new Work();
  private final Spared spared = new Spared(duty, Dues.of(Duty.PROMOTE), POLL, time);
  private int wakes;

  SparedTest() {
    spared.wakeBy(() -> wakes++);
  }

  private long nanos() {
    return Duration.between(origin, clock.instant()).toNanos();
  }

  private static final class Work implements Loop {

    private int done;
    private Duration pause = POLL;
    private boolean isBroken;
    private Runnable waker = () -> {};

    @Override
    public String name() {
      return "work";
    }

    @Override
    public Duration tick() {
      done++;
      if (isBroken) {
        throw new IllegalStateException("broken");
      }
      return pause;
    }

    @Override
    public void wakeBy(Runnable newWaker) {
      waker = newWaker;
    }
  }

  private void see(@Nullable Instant due) {
    clock.advance(STEP);
    long asked = nanos();
    Map<Duty, Instant> dues = due == null ? Map.of() : Map.of(Duty.PROMOTE, due);
    spared.see(new Sight(new Outlook(null, List.of(), List.of(), false, false, dues), asked));
    clock.advance(STEP);
  }

  @Test
  void it_is_done_at_first_and_then_as_often_as_it_asks_while_no_heartbeat_tells() {
    assertThat(spared.name()).isEqualTo("work");
    assertThat(spared.tick()).isEqualTo(POLL);
    assertThat(spared.tick()).as("woken too early").isEqualTo(POLL);
    assertThat(duty.done).isEqualTo(1);
    clock.advance(POLL);

    assertThat(spared.tick()).isEqualTo(POLL);
    assertThat(duty.done).isEqualTo(2);
  }

  @Test
  void it_is_not_done_while_heartbeats_see_nothing_to_do() {
    spared.tick();
    for (int i = 0; i < 10; i++) {
      clock.advance(POLL.minus(STEP.multipliedBy(2)));
      see(null);
      assertThat(spared.tick()).isEqualTo(POLL);
    }

    assertThat(duty.done).isEqualTo(1);
    assertThat(wakes).isZero();
  }

  @Test
  void it_waits_a_moment_for_a_heartbeat_that_is_late() {
    see(null);
    spared.tick();
    clock.advance(POLL);

    assertThat(spared.tick()).isBetween(Duration.ofMillis(200), Duration.ofMillis(250));
    clock.advance(POLL);
    spared.tick();
    assertThat(duty.done).isEqualTo(2);
  }

  @Test
  void it_is_done_when_its_time_has_come_and_is_woken_for_it() {
    spared.tick();
    Instant due = clock.instant().plusMillis(600);
    see(due);
    assertThat(wakes).isEqualTo(1);
    assertThat(spared.tick()).isBetween(Duration.ofMillis(580), Duration.ofMillis(582));
    assertThat(duty.done).isEqualTo(1);
    clock.advance(Duration.ofMillis(582));

    assertThat(spared.tick()).isEqualTo(POLL);
    assertThat(duty.done).isEqualTo(2);
  }

  @Test
  void what_is_due_much_later_wakes_nobody() {
    spared.tick();
    see(clock.instant().plusSeconds(60));

    assertThat(wakes).isZero();
    assertThat(spared.tick()).isEqualTo(POLL);
    assertThat(duty.done).isEqualTo(1);
  }

  @Test
  void it_is_done_when_it_is_woken_and_when_it_asked_for_less_than_its_pause() {
    spared.tick();
    see(null);
    duty.pause = Duration.ofMillis(200);
    duty.waker.run();
    assertThat(wakes).isEqualTo(1);
    assertThat(spared.tick()).isEqualTo(duty.pause);
    see(null);
    duty.pause = POLL;
    assertThat(spared.tick()).isEqualTo(POLL);
    see(null);
    assertThat(spared.tick()).isEqualTo(POLL);

    assertThat(duty.done).isEqualTo(3);
  }

  @Test
  void after_a_failure_it_is_done_again_whatever_heartbeats_see() {
    duty.isBroken = true;
    assertThatThrownBy(spared::tick).hasMessage("broken");
    see(null);
    assertThatThrownBy(spared::tick).hasMessage("broken");
    duty.isBroken = false;
    see(null);

    assertThat(spared.tick()).isEqualTo(POLL);
    assertThat(duty.done).isEqualTo(3);
  }
}
