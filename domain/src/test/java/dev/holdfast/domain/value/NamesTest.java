package dev.holdfast.domain.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  private static final List<Function<String, Object>> PLAIN =
      List.of(Namespace::new, QueueName::new, TypeName::new);

  @ParameterizedTest
  @ValueSource(strings = {"a", "Z", "0", "a.b-c_d", "0._-", "A1"})
  void plain_accepts(String name) {
    assertThat(PLAIN).allSatisfy(kind -> assertThat(kind.apply(name)).hasToString(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".a", "-a", "_a", "a b", "a\n", "\na", "ä", "a/b", "a:b", "a\0", "😀", " a", "a ", "*"
      })
  void plain_refuses(String name) {
    assertThat(PLAIN)
        .allSatisfy(kind -> assertThatIllegalArgumentException()
            .isThrownBy(() -> kind.apply(name))
            .withMessageContaining("must match"));
  }

  @Test
  void plain_has_at_most_a_hundred_characters() {
    assertThat(new QueueName("q".repeat(100)).value()).hasSize(100);
    assertThatIllegalArgumentException().isThrownBy(() -> new QueueName("q".repeat(101)));
    assertThatNullPointerException().isThrownBy(() -> new QueueName(null));
  }

  @Test
  void plain_shows_a_bad_name_so_that_every_output_can_carry_it() {
    String cutInsideAPair = "!".repeat(39) + "😀".repeat(30);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TypeName(cutInsideAPair))
        .satisfies(e -> assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(e.getMessage()))
            .isTrue())
        .withMessageContaining("…")
        .withMessageStartingWith("type must match");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Namespace("a\r\n\u001b[31m"))
        .withMessageContaining("\"a???[31m\"");
  }

  @Test
  void free_accepts_every_storable_text_within_its_bounds() {
    for (String name : new String[] {" ", "ä", "a/b", "\n", "😀", "x".repeat(100)}) {
      assertThat(Names.free("tag", name)).isSameAs(name);
      assertThat(new NodeId(name)).hasToString(name);
    }
    assertThat(Names.free("key", "x".repeat(255), 255)).hasSize(255);
    assertThat(Names.free("tag", "😀".repeat(100))).hasSize(200);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.free("tag", "😀".repeat(101)))
        .withMessageContaining("got 101");
  }

  @Test
  void free_refuses_what_no_storage_can_keep() {
    for (String bad : new String[] {"", "x".repeat(101)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Names.free("tag", bad))
          .withMessage("tag must have 1..100 characters, got " + bad.length());
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.free("tag", "a\0b"))
        .withMessage("tag must not contain U+0000");
    for (String lone : new String[] {"\ud83d", "\ude00", "a\ud83d", "\ud83db", "\ude00\ud83d"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new NodeId(lone))
          .withMessage("node must not contain a lone surrogate");
    }
  }

  @Test
  void names_are_ordered_by_their_text() {
    assertThat(List.of(new QueueName("a"), new QueueName("b"))).isSorted();
    assertThat(List.of(new TypeName("a"), new TypeName("b"))).isSorted();
    assertThat(List.of(new Namespace("a"), new Namespace("b"))).isSorted();
    assertThat(List.of(new NodeId("a"), new NodeId("b"))).isSorted();
  }
}
