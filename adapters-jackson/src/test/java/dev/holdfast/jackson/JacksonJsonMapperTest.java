package dev.holdfast.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.value.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JacksonJsonMapperTest {

  private final JacksonJsonMapper mapper = new JacksonJsonMapper();

  record Order(String name, int count, List<String> tags, Instant at, Duration pause) {}

  @Test
  void read_gives_back_what_write_wrote() {
    Order order = new Order(
        "é", 3, List.of("a"), Instant.parse("2026-01-02T03:04:05.000006Z"), Duration.ofDays(2));

    assertThat(mapper.read(mapper.write(order), Order.class)).isEqualTo(order);
  }

  @Test
  void write_of_null_is_the_json_null() {
    assertThat(mapper.write(null)).isEqualTo(Json.NULL);
  }

  @Test
  void write_refuses_what_has_no_json() {
    List<Object> circle = new ArrayList<>();
    circle.add(circle);

    assertThatThrownBy(() -> mapper.write(circle)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{\"count\":\"many\"}", "{", "{} {}", "{\"name\":1,\"name\":2}"})
  void read_refuses_what_does_not_fit(String text) {
    assertThatThrownBy(() -> mapper.read(new Json(text), Order.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a Order");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"b\":1,\"a\":{\"d\":[ 1 , 2 ],\"c\":null}} | {\"a\":{\"c\":null,\"d\":[1,2]},\"b\":1}",
        "1.0e5 | 1.0e5",
        "123456789012345678901234567890.10 | 123456789012345678901234567890.10",
        "-0 | -0",
        "\"\\u00e9\\/\" | \"é/\"",
        "\"a\\n\\\"\" | \"a\\n\\\"\"",
        "[true, false, {}, []] | [true,false,{},[]]",
      })
  void canonical_sorts_members_and_keeps_digits(String given, String expected) {
    assertThat(mapper.canonical(new Json(given))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "1 2", "nope", "{\"a\":1,\"a\":1}", "[1,]"})
  void canonical_refuses_what_is_not_json(String text) {
    assertThatThrownBy(() -> mapper.canonical(new Json(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not JSON");
  }
}
