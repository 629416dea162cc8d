package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import java.time.Duration;

/**
 * A node is started under the id of one that still lives: the newer one has it from then on, and
 * the older one stops itself.
 */
public final class ReusedId implements Scenario {

  private static final Duration SOON = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "reused-id";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.worker("b"));
    try (Load load = new Load(stage, 10, 100)) {
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofSeconds(1));
        NodeProcess older = stage.node("b");
        NodeProcess newer = stage.start(NodeSpec.worker("b"));
        stage.awaitReady(newer);
        Await.pause(SOON);
        requireStill(stage, older, newer);
        older.kill();
        stage.healed();
      }
      load.end();
    }
    stage.check(Duration.ofSeconds(60));
    report.say("   the newer node had the id " + rounds + " times, the older one stopped");
  }

  private static void requireStill(Stage stage, NodeProcess older, NodeProcess newer)
      throws Exception {
    long before = stage.postgres().number("SELECT max(id) FROM chaos.session WHERE node = 'b'");
    int line = stage.lines().count();
    Await.pause(Duration.ofSeconds(3));
    long after = stage.postgres().number("SELECT max(id) FROM chaos.session WHERE node = 'b'");
    long begunByOlder = begins(stage, line, older);
    long begunByNewer = begins(stage, line, newer);
    if (after != before || begunByOlder > 0 || begunByNewer == 0) {
      throw new IllegalStateException("the two take the id from each other: "
          + (after - before) + " sessions in three seconds, " + begunByOlder
          + " begins of the older, " + begunByNewer + " of the newer");
    }
  }

  private static long begins(Stage stage, int first, NodeProcess process) {
    return stage.lines().from(first).stream()
        .filter(line -> line.mark() == Mark.BEGIN && line.process() == process.pid())
        .count();
  }
}
