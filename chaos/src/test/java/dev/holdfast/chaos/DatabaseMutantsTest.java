package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.chaos.machine.PostgresPrograms;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bugs of the protocol that only a real database can have: other statements than the engine's, put
 * in their place on the way to the server. The suite must find each. One of them in every build;
 * all with {@code -Dmutants.all=true}.
 */
class DatabaseMutantsTest {

  private static final Report REPORT = new Report(Path.of("target/database-mutants.txt"));

  /**
   * A bug.
   *
   * @param statements what stands for what, each of the same length
   * @param scenario that must find it
   */
  record Mutant(
      String name,
      Map<String, String> statements,
      List<String> schema,
      String scenario,
      String finding) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Mutant> ALL = List.of(
      new Mutant(
          "completion without fence",
          Map.of("h.task = i.task AND h.run = i.run", "h.task = i.task AND h.run = h.run"),
          List.of(),
          "steal:1",
          "I10"),
      new Mutant(
          "term read without a lock",
          Map.of("clock()\n   FOR KEY SHARE", "clock()\n                "),
          List.of(),
          "elections:300",
          "two writers"),
      new Mutant(
          "absence after a restart counts",
          Map.of("pg_postmaster_start_time() > s.ttl", "pg_postmaster_start_time() > '0s' "),
          List.of(),
          "restart-database:2",
          "work in flight was not kept"),
      new Mutant("stream without horizon", Map.of(), List.of("""
              CREATE OR REPLACE FUNCTION chaos.horizon() RETURNS bigint LANGUAGE sql STABLE
                AS 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint'
              """), "kill-nodes:3", "I14"));

  static Stream<Mutant> mutants() {
    return Boolean.getBoolean("mutants.all") ? ALL.stream() : ALL.stream().limit(1);
  }

  @ParameterizedTest
  @MethodSource("mutants")
  @Timeout(60)
  void suite_finds(Mutant mutant) {
    Assumptions.assumeTrue(
        PostgresPrograms.find().isPresent(), "no programs of PostgreSQL on this machine");
    Planned planned = Planned.of(List.of(mutant.scenario)).getFirst();

    Optional<String> found = Chaos.failure(
        new Planned(new Mutated(mutant, planned.scenario()), planned.rounds()),
        Chaos.seed(),
        REPORT);

    assertThat(found).isPresent();
    assertThat(found.orElseThrow()).contains(mutant.finding);
  }

  /** A scenario on a stage with a bug. */
  private record Mutated(Mutant mutant, Scenario scenario) implements Scenario {

    @Override
    public String name() {
      return mutant.name + ", by " + scenario.name();
    }

    @Override
    public void run(Stage stage, Report report, int rounds) throws Exception {
      stage.mutate(mutant.statements, mutant.schema);
      scenario.run(stage, report, rounds);
    }
  }
}
