package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.ControlGroup;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.measure.LeaderWatch;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.domain.event.EventType;
import java.time.Duration;

/**
 * F4 and F5: the leader is frozen by a control group until another one leads; or a worker gets a
 * small part of one processor for some seconds.
 */
public final class Starve implements Scenario {

  private static final Duration BOUND = Duration.ofSeconds(7);

  private final boolean frozen;
  private final Figures gap = new Figures();

  /** Frozen, or starved. */
  public Starve(boolean frozen) {
    this.frozen = frozen;
  }

  @Override
  public String name() {
    return frozen ? "freeze-leader" : "starve-worker";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.auto("b"), NodeSpec.worker("c"));
    try (Load load = new Load(stage, 5, 50)) {
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofSeconds(1));
        if (frozen) {
          freeze(stage);
        } else {
          starve(stage);
        }
        stage.healed();
      }
      load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    long moved = history.events().stream()
        .filter(event -> event.type() == EventType.REASSIGNED)
        .count();
    if (frozen) {
      report.say("frozen leader: to the next leader", gap);
    }
    report.say("   " + history.tasks().size() + " tasks, " + moved + " reassigned, "
        + history.leads().size() + " leads");
    if (frozen && gap.quantile(1) > BOUND.toMillis()) {
      throw new IllegalStateException("longer than a lease and two seconds");
    }
  }

  private void freeze(Stage stage) throws Exception {
    String leader = stage.awaitLeader();
    ControlGroup group = group(stage, "freezer", stage.node(leader));
    long from = System.nanoTime();
    group.set("freezer.state", "FROZEN");
    LeaderWatch.awaitOther(stage, leader, Duration.ofSeconds(30));
    gap.addNanos(System.nanoTime() - from);
    group.set("freezer.state", "THAWED");
    // A frozen process cannot be killed: each leader is frozen once.
    stage.node(leader).kill();
    stage.awaitReady(stage.start(NodeSpec.auto(leader)));
  }

  private static void starve(Stage stage) throws Exception {
    NodeProcess victim = stage.node("c");
    ControlGroup group = group(stage, "cpu", victim);
    group.set("cpu.cfs_period_us", "100000");
    group.set("cpu.cfs_quota_us", "5000");
    Await.pause(Duration.ofSeconds(6));
    group.set("cpu.cfs_quota_us", "-1");
    victim.kill();
    stage.awaitReady(stage.start(NodeSpec.worker("c")));
  }

  private static ControlGroup group(Stage stage, String controller, NodeProcess process) {
    ControlGroup group = ControlGroup.of(controller, process);
    stage.closeLater(group);
    return group;
  }
}
