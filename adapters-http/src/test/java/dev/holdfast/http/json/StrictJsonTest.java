package dev.holdfast.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictJsonTest {

  private final Faults faults = new Faults();

  private JsonValue parse(String text) {
    return parse(text, Shape.PLAIN);
  }

  private JsonValue parse(String text, Shape shape) {
    return StrictJson.parse(text.getBytes(StandardCharsets.UTF_8), shape, faults);
  }

  @Test
  void parse_gives_every_kind_of_value() {
    JsonValue value = parse("{\"a\":[1.50,\"x\\n\",true,null,{}]}");

    JsonValue.Items items =
        (JsonValue.Items) ((JsonValue.Members) value).members().get("a");
    assertThat(items.items())
        .containsExactly(
            new JsonValue.Digits("1.50"),
            new JsonValue.Text("x\n"),
            new JsonValue.Flag(true),
            new JsonValue.Nothing(),
            new JsonValue.Members(Map.of()));
    assertThat(items.items())
        .extracting(JsonValue::kind)
        .containsExactly("a number", "a string", "a boolean", "null", "an object");
    assertThat(items.kind()).isEqualTo("an array");
    assertThat(new JsonValue.Opaque("1").kind()).isEqualTo("any value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":}",
        "{a:1}",
        "'a'",
        "nul",
        "NaN",
        "+1",
        "01",
        "1.",
        ".5",
        "[1 2]",
        "{} {}",
        "{\"\\udfff\":1}",
        "{\"\\ud800\":1}",
        "1 x",
        "\"\t\"",
        "\"\\x\"",
        "// c\n1",
        "{\"a\":1,}",
        "\"open",
        "[",
        "1e",
        "{\"a\"",
        "]"
      })
  void broken_syntax_is_refused(String text) {
    assertThat(parse(text)).isNull();
    assertThat(faults.list())
        .singleElement()
        .satisfies(
            fault -> assertThat(fault.detail()).startsWith("not JSON: ").doesNotContain("Source"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":{\"b\":1,\"b\":2}} | /a/b | twice",
        "[\"\\u0000\"] | /0 | U+0000",
        "{\"\\u0000\":1} | /? | U+0000",
        "[1,\"\\ud800\"] | /1 | surrogate",
        "[\"\\ud800x\"] | /0 | surrogate",
        "[\"\\udc00\\ud800\"] | /0 | surrogate",
        "{\"a/b~c\":\"\\u0000\"} | /a~1b~0c | U+0000",
        "[1e401] | /0 | exponent",
        "[1E-0401] | /0 | exponent",
        "[1e999999999999] | /0 | exponent",
      })
  void what_no_storage_keeps_is_refused(String text, String pointer, String detail) {
    assertThat(parse(text)).isNull();
    assertThat(faults.list()).singleElement().satisfies(fault -> {
      assertThat(fault.pointer()).isEqualTo(pointer);
      assertThat(fault.detail()).contains(detail);
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e400", "1e-400", "-0", "1E+0000400", "\"\\ud83d\\ude00\"", "\"😀\"", "\"\uFFFD\""
      })
  void what_is_at_the_limit_is_taken(String text) {
    assertThat(parse(text)).isNotNull();
    assertThat(faults.isEmpty()).isTrue();
  }

  @Test
  void number_may_have_100_digits_and_no_more() {
    assertThat(parse("1".repeat(50) + "." + "2".repeat(50) + "e5")).isNotNull();
    assertThat(parse("-" + "1".repeat(101))).isNull();
    assertThat(faults.list().getFirst().detail()).contains("100 digits");
    assertThat(parse("9".repeat(10_000_000))).isNull();
  }

  @Test
  void nesting_may_be_64_deep_and_no_more() {
    assertThat(parse("[".repeat(64) + "]".repeat(64))).isNotNull();
    assertThat(parse("{\"a\":".repeat(65) + "1" + "}".repeat(65))).isNull();
    assertThat(faults.list()).singleElement().satisfies(fault -> {
      assertThat(fault.pointer()).isEqualTo("/a".repeat(64));
      assertThat(fault.detail()).contains("64 levels");
    });
    assertThat(parse("[".repeat(100_000))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"C3", "C080", "EDA080", "F4908080", "22FF22"})
  void bytes_that_are_not_utf8_are_refused(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThat(StrictJson.parse(bytes, Shape.PLAIN, faults)).isNull();
    assertThat(faults.list().getFirst().detail()).startsWith("not UTF-8");
  }

  @Test
  void byte_order_mark_is_refused() {
    assertThat(parse("\uFEFF{}")).isNull();
    assertThat(faults.list().getFirst().detail()).contains("byte order mark");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.50",
        "-0",
        "12345678901234567890.10e-5",
        "\"a\\u00e9\\/\"",
        "\"\"",
        "true",
        "null",
        "{ \"z\" : 1 ,\n \"a\":[ 1.0,2 ] }",
        "[]",
        "{\"payload\":{\"payload\":1}}",
        "\"é😀\""
      })
  void opaque_member_keeps_its_source(String source) {
    for (String around : List.of("{\"a\":\"é\",\"payload\":%s}", "{ \"payload\" : %s , \"b\":1}")) {
      JsonValue.Members value =
          (JsonValue.Members) parse(around.formatted(source), Shape.single("payload"));

      assertThat(value.members().get("payload")).isEqualTo(new JsonValue.Opaque(source));
    }
  }

  @Test
  void opaque_member_of_a_large_document_keeps_its_source() {
    String filler = "\"" + "é😀x".repeat(50_000) + "\"";
    String text =
        "{\"tasks\":[{\"a\":" + filler + ",\"payload\":" + filler + "},{\"payload\":7 }]}";

    JsonValue.Members value = (JsonValue.Members) parse(text, Shape.list("payload"));

    List<JsonValue> tasks = ((JsonValue.Items) value.members().get("tasks")).items();
    assertThat(((JsonValue.Members) tasks.get(0)).members().get("payload"))
        .isEqualTo(new JsonValue.Opaque(filler));
    assertThat(((JsonValue.Members) tasks.get(1)).members().get("payload"))
        .isEqualTo(new JsonValue.Opaque("7"));
  }

  @Test
  void opaque_member_is_checked_like_any_other() {
    assertThat(parse("{\"payload\":{\"a\":[\"\\u0000\"]}}", Shape.single("payload")))
        .isNull();
    assertThat(faults.list().getFirst().pointer()).isEqualTo("/payload/a/0");
  }

  @Test
  void faults_are_many_but_not_without_end() {
    assertThat(parse("[" + "1e999,".repeat(1000) + "1]")).isNull();
    assertThat(faults.list()).hasSize(Faults.MOST);

    Faults all = new Faults();
    for (int i = 0; i < 3000; i++) {
      all.addAll(faults.below("/" + i));
    }
    assertThat(all.list()).hasSize(2000 + 2960);
    assertThat(all.list().getLast().pointer()).startsWith("/2999/");
    all.addAll(new Faults());
  }

  @Test
  void shown_texts_are_short_and_harmless() {
    assertThat(Shown.of("a\u0000\nb\ud800")).isEqualTo("a??b?");
    assertThat(Shown.of("x".repeat(100))).hasSize(61).endsWith("…");
  }
}
