package dev.holdfast.domain.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static final long SEED = 20_260_301L;

  @Test
  void json_knows_its_size_in_bytes_of_utf8() {
    var random = new Random(SEED);
    for (int i = 0; i < 5_000; i++) {
      String text = text(random);
      assertThat(new Json(text).sizeInBytes())
          .as("seed %s, number %s: %s", SEED, i, text)
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
    for (int edge :
        new int[] {0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff}) {
      String text = Character.toString(edge);
      assertThat(new Json(text).sizeInBytes())
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  @Test
  void json_keeps_its_exact_text() {
    String text = "{ \"b\": 1.0, \"a\": 1e400 }";

    assertThat(new Json(text)).hasToString(text);
    assertThat(Json.EMPTY_OBJECT).hasToString("{}");
    assertThat(Json.NULL).hasToString("null");
    assertThatNullPointerException().isThrownBy(() -> new Json(null));
  }

  @Test
  void taskId_orders_by_unsigned_bytes_as_databases_do() {
    List<TaskId> ids = Stream.of(
            "00000000-0000-0000-0000-000000000000",
            "00000000-0000-0000-0000-000000000001",
            "00000000-0000-0000-7fff-ffffffffffff",
            "00000000-0000-0000-8000-000000000000",
            "00000000-0000-0000-ffff-ffffffffffff",
            "7fffffff-ffff-ffff-0000-000000000000",
            "80000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff")
        .map(TaskId::parse)
        .toList();

    assertThat(ids).isSorted();
    assertThat(ids).extracting(TaskId::toString).isSorted();
  }

  @Test
  void taskId_orders_random_ids_as_their_texts() {
    var random = new Random(SEED);
    for (int i = 0; i < 1_000; i++) {
      TaskId one = new TaskId(new UUID(random.nextLong(), random.nextLong()));
      TaskId other = new TaskId(new UUID(random.nextLong(), random.nextLong()));
      assertThat(Integer.signum(one.compareTo(other)))
          .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
      assertThat(TaskId.parse(one.toString())).isEqualTo(one).isEqualByComparingTo(one);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-1-1-1-1",
        "0190A000-0000-7000-8000-000000000001",
        "0190a000-0000-7000-8000-00000000001",
        "0190a000-0000-7000-8000-0000000000011",
        "0190a00000007000800000000000001",
        "{0190a000-0000-7000-8000-000000000001}",
        " 0190a000-0000-7000-8000-000000000001",
        "0190g000-0000-7000-8000-000000000001",
        "----"
      })
  void taskId_refuses_what_is_not_canonical(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> TaskId.parse(text));
  }

  @Test
  void taskError_is_always_storable() {
    TaskError error = new TaskError("a\0", "b\ud83d", "c\ude00\0😀", TaskError.of("d", ""));

    assertThat(error.type()).isEqualTo("a\ufffd");
    assertThat(error.message()).isEqualTo("b\ufffd");
    assertThat(error.stackTrace()).isEqualTo("c\ufffd\ufffd😀");
    assertThat(TaskError.of("x", "😀").message()).isEqualTo("😀");
    assertThatNullPointerException().isThrownBy(() -> TaskError.of(null, ""));
    assertThatNullPointerException().isThrownBy(() -> TaskError.of("", null));
  }

  @Test
  void sessions_are_shown_as_their_number() {
    assertThat(new SessionId(42)).hasToString("42");
    assertThat(new ClaimId(42).value()).isEqualTo(42);
  }

  /** Characters of one to four bytes; no lone surrogates, which the edge refuses. */
  private static String text(Random random) {
    int[] codePoints = random
        .ints(random.nextInt(40), 0, 4)
        .map(width -> switch (width) {
          case 0 -> random.nextInt(0x80);
          case 1 -> random.nextInt(0x80, 0x800);
          case 2 ->
            random.nextBoolean() ? random.nextInt(0x800, 0xd800) : random.nextInt(0xe000, 0x10000);
          default -> random.nextInt(0x10000, 0x110000);
        })
        .toArray();
    return Arrays.stream(codePoints)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
