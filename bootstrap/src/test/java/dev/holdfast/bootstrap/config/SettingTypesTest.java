package dev.holdfast.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTypesTest {

  @Test
  void durations_have_long_and_short_forms() {
    assertThat(poll("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(poll("3s")).isEqualTo(Duration.ofSeconds(3));
    assertThat(poll("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(poll("1h")).isEqualTo(Duration.ofHours(1));
    assertThat(poll("1d")).isEqualTo(Duration.ofDays(1));
    assertThat(poll("PT0.5S")).isEqualTo(Duration.ofMillis(500));
    assertThatThrownBy(() -> poll("-1s")).isInstanceOf(ConfigInvalid.class);
    assertThatThrownBy(() -> poll("PT-1S")).isInstanceOf(ConfigInvalid.class);
    assertThatThrownBy(() -> poll("2d")).isInstanceOf(ConfigInvalid.class);
  }

  @Test
  void values_that_almost_fit_are_refused() {
    Map.of(
            "http.insecure", "yes",
            "duckdb.memory", "32MB",
            "postgres.schema", "pg_x",
            "node.labels", "a=1,a=2",
            "advertised.url", "ftp://x",
            "http.allowed.hosts", "a,,b",
            "http.executor.allow", "10.0.0.0/99",
            "log.level", "INFO",
            "node.id", "x".repeat(101),
            "duckdb.file", "a\0b")
        .forEach((key, value) -> assertThatThrownBy(
                () -> ConfigReader.read(Map.of(key, value), Map.of()))
            .as(key)
            .isInstanceOf(ConfigInvalid.class));
  }

  @Test
  void loopback_is_recognised_by_the_text_alone() {
    assertThat(List.of("localhost", "127.0.0.1", "127.9.9.9", "::1"))
        .allMatch(ConfigRules::isLoopback);
    assertThat(List.of("0.0.0.0", "127.evil.example", "localhost.example", "10.0.0.1"))
        .noneMatch(ConfigRules::isLoopback);
  }

  private static Duration poll(String text) {
    return ConfigReader.read(Map.of("poll.max", text), Map.of()).node().longestPoll();
  }
}
