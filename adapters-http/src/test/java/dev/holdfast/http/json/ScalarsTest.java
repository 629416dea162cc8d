package dev.holdfast.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalarsTest {

  @ParameterizedTest
  @CsvSource({
    "PT30S, PT30S, PT30S",
    "P2D, PT48H, P2D",
    "P1DT12H, PT36H, P1DT12H",
    "PT90S, PT1M30S, PT1M30S",
    "PT0.5S, PT0.5S, PT0.5S",
    "PT1.0000019S, PT1.000001S, PT1.000001S",
    "PT0S, PT0S, PT0S"
  })
  void duration_is_read_and_written(String text, Duration duration, String written) {
    assertThat(Scalars.duration(text)).isEqualTo(duration);
    assertThat(Scalars.text(duration)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "P1Y",
        "P1M",
        "P1W",
        "P1DT",
        "PT-1S",
        "-PT1S",
        "pt1s",
        "1",
        "PT1S ",
        "PT.5S",
        "PT1,5S",
        "PT9999999999S",
        "P1D2H"
      })
  void other_durations_are_refused(String text) {
    assertThatThrownBy(() -> Scalars.duration(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
    "2026-01-02t03:04:05.1234567z, 2026-01-02T03:04:05.123456Z",
    "2026-01-02T03:04:05+02:00, 2026-01-02T01:04:05Z",
    "9999-12-31T23:59:59.999999-00:00, 9999-12-31T23:59:59.999999Z"
  })
  void instant_is_read(String text, Instant instant) {
    assertThat(Scalars.instant(text)).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-01-02",
        "2026-01-02T03:04Z",
        "2026-01-02T03:04:05",
        "2026-02-30T00:00:00Z",
        "2026-01-02T25:00:00Z",
        "2026-01-02 03:04:05Z",
        "0000-01-01T00:00:00Z",
        "now",
        "2026-01-02T03:04:05+99:00",
        "+12026-01-02T03:04:05Z"
      })
  void other_instants_are_refused(String text) {
    assertThatThrownBy(() -> Scalars.instant(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void instant_is_written_with_six_digits() {
    assertThat(Scalars.text(Instant.parse("2026-01-02T03:04:05Z")))
        .isEqualTo("2026-01-02T03:04:05.000000Z");
    assertThat(Scalars.text(Instant.parse("2026-01-02T03:04:05.1234567Z")))
        .isEqualTo("2026-01-02T03:04:05.123456Z");
  }
}
