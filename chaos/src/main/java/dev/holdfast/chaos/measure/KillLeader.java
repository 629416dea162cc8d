package dev.holdfast.chaos.measure;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import java.time.Duration;

/** {@code kill -9} of the leader: from the kill to the next leader. */
public final class KillLeader implements Scenario {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Figures gap = new Figures();

  @Override
  public String name() {
    return "kill-leader";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.auto("b"), NodeSpec.auto("c"));
    stage.awaitTrust();
    for (int round = 0; round < rounds; round++) {
      String leader = stage.awaitLeader();
      Await.pause(Duration.ofMillis(300 + stage.random().nextInt(1000)));
      NodeProcess victim = stage.node(leader);
      long killed = System.nanoTime();
      victim.kill();
      LeaderWatch.awaitOther(stage, leader, PATIENCE);
      gap.addNanos(System.nanoTime() - killed);
      stage.awaitReady(stage.start(NodeSpec.auto(leader)));
    }
    stage.check(Duration.ofSeconds(30));
    report.say("kill -9 leader: to the next leader", gap);
  }
}
