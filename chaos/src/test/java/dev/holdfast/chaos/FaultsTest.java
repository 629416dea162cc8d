package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.chaos.machine.PostgresPrograms;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The short form of the suite: a few faults against real processes. The seed of each is in the
 * report, {@code target/chaos-report.txt}.
 */
class FaultsTest {

  private static final Report REPORT = new Report(Path.of("target/chaos-report.txt"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kill-nodes:2",
        "restart-database:1",
        "cut-replies:1",
        "pause-leader-in-transaction:1",
        "elections:100",
        "racers:2"
      })
  @Timeout(120)
  void invariants_hold_after(String scenario) {
    Assumptions.assumeTrue(
        PostgresPrograms.find().isPresent(), "no programs of PostgreSQL on this machine");
    for (Planned planned : Planned.of(List.of(scenario))) {
      assertThat(Chaos.failure(planned, Chaos.seed(), REPORT)).isEmpty();
    }
  }
}
