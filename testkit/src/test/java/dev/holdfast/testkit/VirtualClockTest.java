package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class VirtualClockTest {

  @Test
  void advance_movesOnAndNothingElseDoes() {
    VirtualClock clock = new VirtualClock(Instant.EPOCH);
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    clock.advance(Duration.ofSeconds(3));

    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(3));
    assertThat(new VirtualClock().instant()).isEqualTo(VirtualClock.EPOCH);
  }

  @Test
  void advance_neverGoesBack() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VirtualClock().advance(Duration.ofNanos(-1)));
  }
}
