package dev.holdfast.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.domain.value.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintsTest {

  private static final long SEED = 20_260_301L;
  private static final String[] NASTY = {
    ":",
    "l1:a",
    "=1:b",
    "f3:",
    "0",
    "-1",
    " ",
    "\n",
    "\t",
    "\u0001",
    "\u007f",
    "\"",
    "'",
    "\\",
    ",",
    "ä",
    "€",
    "😀",
    "\ud83d\ude00\ud83d\ude00",
    "\u202e",
    "a",
    "A",
    "{}",
    "%",
    "$1",
    "\uffff"
  };

  @Test
  void canonical_of_none_is_empty() {
    assertThat(Constraints.NONE.canonical()).isEmpty();
    assertThat(Constraints.parse("")).isEqualTo(Constraints.NONE);
  }

  @Test
  void canonical_does_not_depend_on_the_order_given() {
    var one = Constraints.of(labels("a", "1", "b", "2"), nodes("x", "y"), nodes("v", "w"));
    var other = Constraints.of(labels("b", "2", "a", "1"), nodes("y", "x", "y"), nodes("w", "v"));

    assertThat(other).isEqualTo(one);
    assertThat(other.canonical())
        .isEqualTo(one.canonical())
        .isEqualTo("l1:a=1:1l1:b=1:2a1:xa1:yf1:vf1:w");
  }

  @Test
  void canonical_tells_apart_what_differs() {
    assertThat(Constraints.of(labels("a", "1"), null, List.of()).canonical())
        .isNotEqualTo(Constraints.of(labels("a1", "1"), null, List.of()).canonical());
    assertThat(Constraints.of(Map.of(), nodes("x"), List.of()).canonical())
        .isNotEqualTo(Constraints.of(Map.of(), null, nodes("x")).canonical());
  }

  @Test
  void parse_reads_what_canonical_wrote_whatever_the_characters() {
    var random = new Random(SEED);
    var texts = new HashMap<String, Constraints>();
    for (int i = 0; i < 5_000; i++) {
      Constraints constraints = random(random);
      String text = constraints.canonical();
      assertThat(Constraints.parse(text)).as("seed %s, number %s", SEED, i).isEqualTo(constraints);
      assertThat(texts.getOrDefault(text, constraints)).isEqualTo(constraints);
      texts.put(text, constraints);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        ":",
        "l",
        "l:",
        "l1",
        "l1:",
        "l2:a",
        "l1:a",
        "=1:a",
        "l1:b=1:2l1:a=1:1",
        "a-1:",
        "lx:a",
        "a1:xa1:x",
        "f1:va1:x",
        "z1:a",
        "l1:al1:b=1:1",
        "a01:x",
        "a+1:x",
        "a99999999999:x",
        "a0:",
        "a1:x ",
        "f2147483647:x"
      })
  void parse_refuses_everything_else(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Constraints.parse(text));
  }

  @Test
  void allowed_nodes_must_name_somebody() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Constraints.of(Map.of(), List.of(), List.of()))
        .withMessageContaining("allowedNodes");
  }

  @Test
  void sizes_are_bounded() {
    Map<String, String> labels =
        IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "value"));
    List<NodeId> nodes =
        IntStream.range(0, 101).mapToObj(i -> new NodeId("node" + i)).toList();

    refused("labels", () -> Constraints.of(labels, null, List.of()));
    refused("allowedNodes", () -> Constraints.of(Map.of(), nodes, List.of()));
    refused("forbiddenNodes", () -> Constraints.of(Map.of(), null, nodes));
    refused("label key", () -> Constraints.of(Map.of("", "v"), null, List.of()));
    refused("label value", () -> Constraints.of(Map.of("k", "v".repeat(101)), null, List.of()));
  }

  @Test
  void collections_are_copied() {
    var labels = new HashMap<>(labels("a", "1"));
    var forbidden = new ArrayList<>(nodes("v"));
    Constraints constraints = Constraints.of(labels, null, forbidden);

    labels.clear();
    forbidden.clear();

    assertThat(constraints.labels()).containsEntry("a", "1");
    assertThat(constraints.forbiddenNodes()).hasSize(1);
    assertThat(constraints.allowedNodes()).isNull();
  }

  private static void refused(String name, Runnable construction) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessageContaining(name);
  }

  private static Constraints random(Random random) {
    var labels = new HashMap<String, String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      labels.put(text(random), text(random));
    }
    List<NodeId> allowed = random.nextBoolean() ? null : randomNodes(random, 1);
    return Constraints.of(labels, allowed, randomNodes(random, 0));
  }

  private static List<NodeId> randomNodes(Random random, int least) {
    return IntStream.range(0, least + random.nextInt(3))
        .mapToObj(i -> new NodeId(text(random)))
        .toList();
  }

  private static String text(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(4))
        .mapToObj(i -> NASTY[random.nextInt(NASTY.length)])
        .collect(Collectors.joining());
  }

  private static Map<String, String> labels(String k1, String v1) {
    return Map.of(k1, v1);
  }

  private static Map<String, String> labels(String k1, String v1, String k2, String v2) {
    return Map.of(k1, v1, k2, v2);
  }

  private static List<NodeId> nodes(String... names) {
    return List.of(names).stream().map(NodeId::new).toList();
  }
}
