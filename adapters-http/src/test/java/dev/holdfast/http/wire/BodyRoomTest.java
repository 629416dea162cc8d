package dev.holdfast.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BodyRoomTest {

  @Test
  void take_refuses_what_does_not_fit_and_changes_nothing_then() {
    BodyRoom room = new BodyRoom(10);

    assertThat(room.take(6)).isTrue();
    assertThat(room.take(5)).isFalse();
    assertThat(room.take(4)).isTrue();
    room.give(6);
    assertThat(room.take(6)).isTrue();
  }

  @Test
  void heap_has_room_for_at_least_two_batches() {
    assertThat(BodyRoom.ofHeap().take(32L << 20)).isTrue();
  }
}
