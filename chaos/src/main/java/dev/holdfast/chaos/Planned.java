package dev.holdfast.chaos;

import dev.holdfast.chaos.measure.KillLeader;
import dev.holdfast.chaos.measure.KillWorker;
import dev.holdfast.chaos.scenario.Scenario;
import java.util.List;

/**
 * A scenario to be run.
 *
 * @param rounds how often it makes its fault
 */
record Planned(Scenario scenario, int rounds) {

  /** Everything, with the rounds of the long form. */
  static List<Planned> all() {
    return List.of(new Planned(new KillWorker(), 50), new Planned(new KillLeader(), 50));
  }

  /** Those that are named; all when none is. */
  static List<Planned> of(List<String> names) {
    return names.isEmpty() ? all() : names.stream().map(Planned::named).toList();
  }

  private static Planned named(String name) {
    String[] parts = name.split(":", 2);
    Planned planned = all().stream()
        .filter(one -> one.scenario.name().equals(parts[0]))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no scenario " + parts[0]));
    return parts.length == 1 ? planned : new Planned(planned.scenario, Integer.parseInt(parts[1]));
  }
}
