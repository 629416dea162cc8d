package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import java.time.Duration;
import java.util.List;

/** F1: {@code kill -9} of one node after the other, leaders too, under load; each comes back. */
public final class KillNodes implements Scenario {

  private static final List<String> NAMES = List.of("a", "b", "c");

  @Override
  public String name() {
    return "kill-nodes";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.auto("b"), NodeSpec.auto("c"));
    int submitted;
    try (Load load = new Load(stage, 10, 100)) {
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofMillis(500 + stage.random().nextInt(1000)));
        String leader = stage.leader();
        String victim = round % 2 == 0 && !leader.isEmpty() && NAMES.contains(leader)
            ? leader
            : NAMES.get(stage.random().nextInt(NAMES.size()));
        stage.node(victim).kill();
        stage.healed();
        Await.pause(Duration.ofMillis(stage.random().nextInt(1500)));
        NodeProcess again = stage.start(NodeSpec.auto(victim));
        stage.awaitReady(again);
      }
      submitted = load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    report.say(
        "   " + rounds + " kills, " + submitted + " tasks, " + history.leads().size() + " leads");
  }
}
