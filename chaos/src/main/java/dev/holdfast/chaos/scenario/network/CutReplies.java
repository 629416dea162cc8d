package dev.holdfast.chaos.scenario.network;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.ChaosProxy;
import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.domain.event.EventType;
import java.time.Duration;

/** F17: commits are done, and their answers are cut off; of the client too. A round: 3 seconds. */
public final class CutReplies implements Scenario {

  private static final double SHARE = 0.2;

  @Override
  public String name() {
    return "cut-replies";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    ChaosProxy proxy = stage.proxy();
    String url = Postgres.urlAt(proxy.port());
    stage.startAll(
        NodeSpec.auto("a").at(url),
        NodeSpec.auto("b").at(url),
        NodeSpec.auto("c").at(url));
    int submitted;
    try (Load load = new Load(stage, 20, 30)) {
      for (int round = 0; round < rounds; round++) {
        proxy.cutCommits(SHARE);
        stage.clientRoute().cutCommits(SHARE);
        Await.pause(Duration.ofSeconds(2));
        proxy.fail(ChaosProxy.Mode.PASS);
        stage.clientRoute().fail(ChaosProxy.Mode.PASS);
        stage.healed();
        Await.pause(Duration.ofSeconds(1));
      }
      submitted = load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    long moved = history.events().stream()
        .filter(event -> event.type() == EventType.REASSIGNED)
        .count();
    report.say("   " + proxy.cuts() + " answers of commits cut, " + submitted + " tasks, "
        + stage.client().unknowns() + " unknown outcomes of submits, " + moved + " reassigned");
    if (proxy.cuts() == 0) {
      throw new IllegalStateException("nothing was cut");
    }
  }
}
