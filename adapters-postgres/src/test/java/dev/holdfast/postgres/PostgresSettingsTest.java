package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {

  private static final PostgresSettings PLAIN =
      PostgresSettings.of("jdbc:postgresql://db/app?ssl=true", "me", "secret");

  @Test
  void of_uses_every_default() {
    assertThat(PLAIN.schema()).isEqualTo("holdfast");
    assertThat(PLAIN.poolSize()).isEqualTo(10);
    assertThat(PLAIN.patience()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "1a",
        "a-b",
        "a b",
        "a\"b",
        "a;drop schema x",
        "ä",
        "pg_mine",
        "a\u0000",
        "a\n",
        "a23456789_123456789_123456789_123456789_12"
      })
  void inSchema_refuses_what_is_no_plain_identifier(String schema) {
    assertThatThrownBy(() -> PLAIN.inSchema(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("schema must match [a-z_][a-z0-9_]{0,40}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "_", "holdfast_2", "select", "a23456789_123456789_123456789_123456789_1"})
  void inSchema_takes_an_identifier(String schema) {
    assertThat(PLAIN.inSchema(schema).schema()).isEqualTo(schema);
  }

  @Test
  void settings_out_of_bounds_are_refused() {
    assertThatThrownBy(() -> PLAIN.withPoolSize(0)).hasMessageContaining("poolSize");
    assertThatThrownBy(() -> PLAIN.withPoolSize(1001)).hasMessageContaining("poolSize");
    assertThatThrownBy(() -> PLAIN.withPatience(Duration.ofMillis(249)))
        .hasMessageContaining("patience");
    assertThatThrownBy(() -> PostgresSettings.of("jdbc:mysql://x", "", ""))
        .hasMessageContaining("jdbc:postgresql:");
  }

  @Test
  void toString_tells_no_secret() {
    assertThat(PLAIN).hasToString("jdbc:postgresql://db/app as me, schema holdfast");
    assertThat(
            PostgresSettings.of("jdbc:postgresql:app?password=secret", "", "").toString())
        .doesNotContain("secret")
        .contains("the default user");
  }
}
