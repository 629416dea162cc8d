package dev.holdfast.domain.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the state diagram of ARCHITECTURE.md with the transition table. */
class StateDiagramTest {

  private static final String EDGE = "[*]";
  private static final Pattern ARROW =
      Pattern.compile("^ +(\\[\\*]|\\w+) --> (\\[\\*]|\\w+)(?:: .+)?$", Pattern.MULTILINE);

  @Test
  void diagram_shows_every_step_of_the_table_and_no_other() {
    List<String> table = Arrays.stream(TaskState.values())
        .flatMap(from -> from.successors().stream().map(to -> from.code() + " --> " + to.code()))
        .toList();

    List<String> drawn = arrows()
        .filter(arrow -> !arrow.group(1).equals(EDGE) && !arrow.group(2).equals(EDGE))
        .map(arrow -> arrow.group(1) + " --> " + arrow.group(2))
        .toList();

    assertThat(drawn).containsExactlyInAnyOrderElementsOf(table);
  }

  @Test
  void diagram_ends_in_the_terminal_states() {
    assertThat(arrows().filter(arrow -> arrow.group(2).equals(EDGE)).map(arrow -> arrow.group(1)))
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(TaskState.values())
            .filter(TaskState::isTerminal)
            .map(TaskState::code)
            .toList());
  }

  @Test
  void diagram_has_no_line_that_this_test_does_not_read() {
    long lines = diagram().lines().filter(line -> !line.isBlank()).count();

    assertThat(arrows().count()).isEqualTo(lines - 1).isGreaterThan(30);
  }

  private static Stream<MatchResult> arrows() {
    return ARROW.matcher(diagram()).results();
  }

  private static String diagram() {
    String text = architecture();
    int start = text.indexOf("stateDiagram-v2");
    assertThat(start).as("the diagram is there").isPositive();
    return text.substring(start, text.indexOf("```", start));
  }

  private static String architecture() {
    try {
      Path folder = Path.of("").toAbsolutePath();
      while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
        folder = folder.getParent();
      }
      return Files.readString(folder.resolve("ARCHITECTURE.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
