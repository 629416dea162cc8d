package dev.holdfast.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PreferTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5 | 5",
        "respond-async, Wait = \"7\" | 7",
        "wait=61 | 60",
        "wait=0 | 0",
        "wait=000 | 0",
        "wait=99999999999 | 60",
        "wait=5; x=y | 5",
        "wait=x, wait=3 | 3"
      })
  void well_formed_wait_is_taken(String value, int seconds) {
    assertThat(Prefer.waitSeconds(List.of(value))).hasValue(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wait", "wait=", "wait=-1", "wait=1.5", "wait=soon", "waits=3"})
  void malformed_wait_is_ignored(String value) {
    assertThat(Prefer.waitSeconds(List.of(value))).isEmpty();
  }
}
