package dev.holdfast.chaos.scenario.database;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * F7: {@code pg_ctl stop -m immediate} and start, under load. Tasks that wait at a gate through all
 * of it keep their runs.
 */
public final class RestartDatabase implements Scenario {

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int WAITING = 9;

  private final Figures back = new Figures();

  @Override
  public String name() {
    return "restart-database";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.auto("b"), NodeSpec.auto("c"));
    Set<String> waiting = stage.client().submit(Tasks.holding("wait", WAITING, 0)).stream()
        .map(TaskId::toString)
        .collect(Collectors.toSet());
    Await.until("all wait", Duration.ofSeconds(30), () -> begins(stage) >= WAITING);
    Await.pause(Duration.ofSeconds(1));
    int submitted;
    try (Load load = new Load(stage, 20, 30)) {
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofMillis(500 + stage.random().nextInt(1500)));
        stage.postgres().crash();
        Await.pause(Duration.ofMillis(stage.random().nextInt(2000)));
        stage.postgres().start();
        back.addNanos(Returns.of(stage).toNanos());
        stage.healed();
      }
      submitted = load.end();
    }
    stage.openGate(0);
    History history = stage.check(Duration.ofSeconds(60));
    report.say("PostgreSQL -m immediate: from its start until every node completes", back);
    report.say("   " + rounds + " restarts, " + submitted + " tasks acknowledged and ended, "
        + stage.client().unknowns() + " unknown outcomes tried again");
    requireSameRuns(history, waiting);
    if (back.quantile(1) > BOUND.toMillis()) {
      throw new IllegalStateException("a node came back too late");
    }
  }

  private static long begins(Stage stage) {
    return stage.lines().all().stream()
        .filter(line -> line.mark() == Mark.BEGIN)
        .count();
  }

  private static void requireSameRuns(History history, Set<String> waiting) {
    long moved = history.events().stream()
        .filter(event -> event.type() == EventType.REASSIGNED && waiting.contains(event.task()))
        .count();
    long calls = history.nodes().stream()
        .filter(line -> line.mark() == Mark.BEGIN && waiting.contains(line.task()))
        .count();
    if (moved > 0 || calls != waiting.size()) {
      throw new IllegalStateException(
          "work in flight was not kept: " + moved + " reassigned, " + calls + " calls");
    }
  }
}
