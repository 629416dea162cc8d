package dev.holdfast.chaos.scenario.database;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.Shell;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import java.time.Duration;
import java.util.List;

/** F8: {@code kill -9} of one process of the server, which then ends all of them and recovers. */
public final class KillBackend implements Scenario {

  private static final String A_BACKEND = """
      SELECT pid FROM pg_stat_activity WHERE application_name = 'holdfast'
       ORDER BY random() LIMIT 1
      """;

  private final Figures back = new Figures();

  @Override
  public String name() {
    return "kill-backend";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.auto("b"));
    try (Load load = new Load(stage, 20, 30)) {
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofMillis(500 + stage.random().nextInt(1000)));
        // A process of a server that this stage has started.
        long pid = stage.postgres().number(A_BACKEND);
        Shell.run(List.of("kill", "-9", Long.toString(pid)));
        back.addNanos(Returns.of(stage).toNanos());
        stage.healed();
      }
      load.end();
      report.say("kill -9 of a backend: until every node completes", back);
      report.say("   " + load.submitted() + " tasks");
    }
    stage.check(Duration.ofSeconds(60));
  }
}
