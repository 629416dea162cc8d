package dev.holdfast.simulator.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The measure of the simulator: each bug is found within a minute. Three of them in every build;
 * with {@code -Dmutants.all=true}, or {@code make mutants}, all.
 */
class MutantsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Set<String> IN_EVERY_BUILD =
      Set.of("no fence", "plain read of the term", "one shot recovery");
  private static final Path REPORT = Path.of("target", "mutants.txt");

  static List<Mutant> mutants() throws IOException {
    Files.deleteIfExists(REPORT);
    return Boolean.getBoolean("mutants.all")
        ? Mutant.ALL
        : Mutant.ALL.stream().filter(one -> IN_EVERY_BUILD.contains(one.name())).toList();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void simulator_findsTheBug(Mutant mutant) throws Exception {
    Campaign.Result result = new Campaign(mutant.bend()).run(1, Long.MAX_VALUE / 2, MINUTE);

    assertThat(result.failed()).as("after %s histories", result.histories()).isNotNull();
    report(mutant, result);
  }

  private static void report(Mutant mutant, Campaign.Result result) throws IOException {
    String how = Objects.requireNonNull(result.failed()).broken();
    String first = how.lines().findFirst().orElse("");
    String line = String.format(
        Locale.ROOT,
        "%-32s %,6d histories %6.1f s  %s%n",
        mutant,
        result.histories(),
        result.took().toMillis() / 1000.0,
        first.substring(0, Math.min(160, first.length())));
    Files.writeString(REPORT, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
