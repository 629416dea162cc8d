package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Signals.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HintsTest {

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong(1);
  private final List<Signal> sent = new ArrayList<>();
  private final Hints hints = new Hints(
      new Signals() {
        @Override
        public void send(Signal signal) {
          sent.add(signal);
        }

        @Override
        public void listen(Consumer<Signal> callback) {}
      },
      nanos::get);

  @Test
  void rare_hints_go_at_once() {
    for (int time = 1; time <= 10; time++) {
      hints.give(Signal.WORK);
      assertThat(hints.tick()).isEqualTo(IDLE);
      assertThat(sent).hasSize(time);
      nanos.addAndGet(Duration.ofMillis(3).toNanos());
    }
  }

  @Test
  void a_hint_soon_after_another_waits_and_many_wait_longer_and_longer() {
    List<Duration> waits = new ArrayList<>();
    hints.give(Signal.WORK);
    hints.tick();
    for (int time = 0; time < 6; time++) {
      for (int ask = 0; ask < 40; ask++) {
        hints.give(Signal.WORK);
      }
      Duration wait = hints.tick();
      waits.add(wait);
      nanos.addAndGet(wait.toNanos());
      assertThat(hints.tick()).isEqualTo(IDLE);
    }

    assertThat(waits)
        .containsExactly(
            Duration.ofMillis(2),
            Duration.ofMillis(4),
            Duration.ofMillis(8),
            Duration.ofMillis(16),
            Duration.ofMillis(25),
            Duration.ofMillis(25));
    assertThat(sent).hasSize(7);
  }

  @Test
  void hints_that_became_rare_go_at_once_again() {
    for (int ask = 0; ask < 40; ask++) {
      hints.give(Signal.WORK);
    }
    hints.tick();
    hints.give(Signal.WORK);
    for (Duration wait = hints.tick(); !wait.equals(IDLE); wait = hints.tick()) {
      nanos.addAndGet(wait.toNanos());
    }

    for (int time = 0; time < 5; time++) {
      nanos.addAndGet(Duration.ofMillis(5).toNanos());
      hints.give(Signal.CANCEL);
      assertThat(hints.tick()).isEqualTo(IDLE);
    }
    assertThat(sent).endsWith(Signal.CANCEL, Signal.CANCEL, Signal.CANCEL);
  }

  private void pass(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void a_rare_hint_may_ride_on_a_commit_that_then_counts_as_sent() {
    assertThat(hints.mayRide()).isTrue();
    hints.rode();
    assertThat(hints.mayRide()).isFalse();

    hints.give(Signal.WORK);
    assertThat(hints.tick()).isEqualTo(Duration.ofMillis(2));
    assertThat(sent).isEmpty();
  }

  @Test
  void rides_take_at_most_a_fifth_of_the_time() {
    assertThat(hints.mayRide()).isTrue();
    pass(10);
    hints.rode();

    pass(39);
    hints.walked();
    assertThat(hints.mayRide()).isFalse();
    pass(1);
    assertThat(hints.mayRide()).isTrue();
  }

  @Test
  void a_ride_that_took_long_does_not_put_off_others_behind_hints_that_were_sent() {
    assertThat(hints.mayRide()).isTrue();
    pass(10);
    hints.rode();
    for (int time = 0; time < 4; time++) {
      pass(10);
      hints.give(Signal.WORK);
      hints.tick();
    }

    pass(3);
    assertThat(hints.mayRide()).isTrue();
  }

  @Test
  void a_ride_of_which_nothing_is_heard_is_not_tried_again_for_a_second() {
    assertThat(hints.mayRide()).isTrue();

    pass(999);
    assertThat(hints.mayRide()).isFalse();
    pass(1);
    assertThat(hints.mayRide()).isTrue();
    hints.walked();
    assertThat(hints.mayRide()).as("after a commit that could carry none").isTrue();
  }

  @Test
  void a_hint_does_not_ride_before_one_that_waits() {
    hints.give(Signal.CANCEL);

    assertThat(hints.mayRide()).isFalse();
  }
}
