package dev.holdfast.chaos;

import dev.holdfast.chaos.measure.Elections;
import dev.holdfast.chaos.measure.IdleNodes;
import dev.holdfast.chaos.measure.KillLeader;
import dev.holdfast.chaos.measure.KillWorker;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.database.Failover;
import dev.holdfast.chaos.scenario.database.KillBackend;
import dev.holdfast.chaos.scenario.database.RestartDatabase;
import dev.holdfast.chaos.scenario.database.Terminate;
import dev.holdfast.chaos.scenario.network.Clocks;
import dev.holdfast.chaos.scenario.network.CutReplies;
import dev.holdfast.chaos.scenario.network.Partition;
import dev.holdfast.chaos.scenario.node.KillNodes;
import dev.holdfast.chaos.scenario.node.KillServers;
import dev.holdfast.chaos.scenario.node.PauseLeader;
import dev.holdfast.chaos.scenario.node.PauseWorker;
import dev.holdfast.chaos.scenario.node.Poison;
import dev.holdfast.chaos.scenario.node.Prefetch;
import dev.holdfast.chaos.scenario.node.ReusedId;
import dev.holdfast.chaos.scenario.node.Starve;
import dev.holdfast.chaos.scenario.work.Flight;
import dev.holdfast.chaos.scenario.work.Racers;
import dev.holdfast.chaos.scenario.work.Spread;
import dev.holdfast.chaos.scenario.work.Steal;
import java.util.List;

/**
 * A scenario to be run.
 *
 * @param rounds how often it makes its fault
 */
record Planned(Scenario scenario, int rounds) {

  /** Everything, with the rounds of the long form. */
  static List<Planned> all() {
    return List.of(
        new Planned(new KillWorker(), 50),
        new Planned(new KillLeader(), 50),
        new Planned(new IdleNodes(), 3),
        new Planned(new KillNodes(), 10),
        new Planned(new KillServers(), 5),
        new Planned(new PauseWorker(), 3),
        new Planned(new PauseLeader(false), 5),
        new Planned(new PauseLeader(true), 5),
        new Planned(new Starve(true), 2),
        new Planned(new Starve(false), 2),
        new Planned(new Prefetch(), 20),
        new Planned(new ReusedId(), 2),
        new Planned(new Poison("poison"), 2),
        new Planned(new Poison("hungry"), 2),
        new Planned(new Spread(), 10),
        new Planned(new Racers(), 20),
        new Planned(new Steal(), 5),
        new Planned(new Flight(), 100),
        new Planned(new Elections(), 1_000),
        new Planned(new RestartDatabase(), 20),
        new Planned(new KillBackend(), 5),
        new Planned(new Terminate(), 3),
        new Planned(new Failover(), 5),
        new Planned(new CutReplies(), 5),
        new Planned(new Partition(), 3),
        new Planned(new Clocks(), 20));
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
