package dev.holdfast.postgres.tx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.tx.Positions.Position;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PositionsTest {

  private static final int LANE = 7;
  private static final Position FIRST = new Position(0, 100);
  private static final Position SECOND = new Position(0, 200);

  private final AtomicLong nanos = new AtomicLong(1);
  private final Positions positions = new Positions(nanos::get);

  @Test
  void of_a_lane_that_nothing_is_known_of_is_its_head() {
    assertThat(positions.of(LANE)).isEqualTo(Position.HEAD);
  }

  @Test
  void of_is_where_the_last_claim_ended() {
    positions.reached(LANE, Position.HEAD, FIRST);
    assertThat(positions.of(LANE)).isEqualTo(FIRST);

    positions.reached(LANE, FIRST, SECOND);
    assertThat(positions.of(LANE)).isEqualTo(SECOND);
    assertThat(positions.of(LANE + 1)).isEqualTo(Position.HEAD);
  }

  @Test
  void of_is_the_head_once_a_second_however_far_claims_have_come() {
    positions.reached(LANE, Position.HEAD, FIRST);
    nanos.addAndGet(Positions.HEAD_EVERY.toNanos());
    positions.reached(LANE, FIRST, SECOND);
    assertThat(positions.of(LANE)).isEqualTo(SECOND);

    nanos.addAndGet(1);
    assertThat(positions.of(LANE)).isEqualTo(Position.HEAD);

    positions.reached(LANE, Position.HEAD, SECOND);
    assertThat(positions.of(LANE)).isEqualTo(SECOND);
  }

  @Test
  void put_moves_it_back_and_never_on() {
    positions.reached(LANE, Position.HEAD, SECOND);

    positions.put(LANE, new Position(1, 5));
    assertThat(positions.of(LANE)).isEqualTo(SECOND);
    positions.put(LANE, FIRST);
    assertThat(positions.of(LANE)).isEqualTo(FIRST);
    positions.put(LANE, new Position(-3, 900));
    assertThat(positions.of(LANE)).isEqualTo(new Position(-3, 900));
  }

  @Test
  void forget_begins_at_the_head() {
    positions.reached(LANE, Position.HEAD, SECOND);
    positions.forget(LANE);
    positions.put(LANE, FIRST);

    assertThat(positions.of(LANE)).isEqualTo(Position.HEAD);
  }
}
