package dev.holdfast.chaos;

import dev.holdfast.chaos.machine.PostgresPrograms;
import dev.holdfast.chaos.machine.Skipped;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scenarios: all of them, or those that are named, each {@code name} or {@code name:rounds}.
 * The property {@code chaos.seed} repeats the chances of a run.
 */
public final class Chaos {

  private static final Logger LOG = LoggerFactory.getLogger(Chaos.class);

  private Chaos() {}

  /** Ends with status 1 if any scenario failed. */
  public static void main(String[] args) {
    Report report =
        new Report(Path.of(System.getProperty("chaos.report", "target/chaos-report.txt")));
    List<String> failed = new ArrayList<>();
    for (Planned planned : Planned.of(List.of(args))) {
      if (failure(planned, seed(), report).isPresent()) {
        failed.add(planned.scenario().name());
      }
    }
    report.say(failed.isEmpty() ? "all passed" : "failed: " + String.join(", ", failed));
    System.exit(failed.isEmpty() ? 0 : 1);
  }

  /** The seed that was asked for, or a new one. */
  static long seed() {
    return Long.getLong("chaos.seed", new Random().nextLong());
  }

  /** Runs a scenario; what came in the way, if it failed. */
  static Optional<String> failure(Planned planned, long seed, Report report) {
    Scenario scenario = planned.scenario();
    report.say("== " + scenario.name() + ":" + planned.rounds() + ", seed " + seed);
    Optional<PostgresPrograms> programs = PostgresPrograms.find();
    if (programs.isEmpty()) {
      report.say("   skipped: no programs of PostgreSQL on this machine");
      return Optional.empty();
    }
    long start = System.nanoTime();
    try (Stage stage = Stage.open(programs.get(), seed)) {
      scenario.run(stage, report, planned.rounds());
      report.say("   passed in " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
      return Optional.empty();
    } catch (Skipped e) {
      report.say("   skipped: " + e.getMessage());
      return Optional.empty();
    } catch (Exception e) {
      report.say("   FAILED: " + e);
      LOG.error("{}", scenario.name(), e);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
