package dev.holdfast.postgres.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StretchTest {

  private static final Range LOW = new Range("a", id(2), id(4));
  private static final Range NEXT = new Range("b", id(4), id(5));
  private static final Range HIGH = new Range("c", id(0xa), id(0xc));

  private static UUID id(long first) {
    return new UUID(first << 60, 0);
  }

  private static Stretch behind(UUID id) {
    return Stretch.behind(id, List.of(LOW, NEXT, HIGH));
  }

  @Test
  void behind_ends_where_the_next_range_begins() {
    assertThat(behind(id(1))).isEqualTo(new Stretch(id(1), id(2)));
    assertThat(behind(id(6))).isEqualTo(new Stretch(id(6), id(0xa)));
    assertThat(behind(id(6)).isLast()).isFalse();
  }

  @Test
  void behind_passes_over_ranges_that_touch() {
    assertThat(behind(id(3))).isEqualTo(new Stretch(id(5), id(0xa)));
    assertThat(behind(new UUID(id(4).getMostSignificantBits(), 9)))
        .isEqualTo(new Stretch(id(5), id(0xa)));
  }

  @Test
  void behind_the_last_range_comes_everything_else() {
    assertThat(behind(id(0xb)).isLast()).isTrue();
    assertThat(behind(id(0xd)).begin()).isEqualTo(id(0xd));
    assertThat(Stretch.behind(id(1), List.of()).isLast()).isTrue();
  }
}
