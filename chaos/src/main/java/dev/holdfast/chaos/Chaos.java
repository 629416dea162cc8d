package dev.holdfast.chaos;

import dev.holdfast.chaos.machine.PostgresPrograms;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Skipped;
import dev.holdfast.chaos.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Runs scenarios: all of them, or those that are named, each {@code name} or {@code name:rounds}.
 * The property {@code chaos.seed} repeats the chances of a run.
 */
public final class Chaos {

  private Chaos() {}

  /** Ends with status 1 if any scenario failed. */
  public static void main(String[] args) {
    Report report =
        new Report(Path.of(System.getProperty("chaos.report", "target/chaos-report.txt")));
    List<String> failed = new ArrayList<>();
    for (Planned planned : Planned.of(List.of(args))) {
      long seed = Long.getLong("chaos.seed", new Random().nextLong());
      if (!passes(planned, seed, report)) {
        failed.add(planned.scenario().name());
      }
    }
    report.say(failed.isEmpty() ? "all passed" : "failed: " + String.join(", ", failed));
    System.exit(failed.isEmpty() ? 0 : 1);
  }

  private static boolean passes(Planned planned, long seed, Report report) {
    Scenario scenario = planned.scenario();
    PostgresPrograms programs = PostgresPrograms.find().orElseThrow();
    report.say("== " + scenario.name() + " x" + planned.rounds() + ", seed " + seed);
    long start = System.nanoTime();
    try (Stage stage = Stage.open(programs, seed)) {
      scenario.run(stage, report, planned.rounds());
      report.say("   passed in " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
      return true;
    } catch (Skipped e) {
      report.say("   skipped: " + e.getMessage());
      return true;
    } catch (Exception e) {
      report.say("   FAILED: " + e);
      org.slf4j.LoggerFactory.getLogger(Chaos.class).error("{}", scenario.name(), e);
      return false;
    }
  }
}
