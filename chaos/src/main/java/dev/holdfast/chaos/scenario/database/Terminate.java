package dev.holdfast.chaos.scenario.database;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.domain.event.EventType;
import java.time.Duration;

/** F9: every connection is terminated, again and again, for some seconds a round. */
public final class Terminate implements Scenario {

  private static final String ALL = """
      SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
       WHERE application_name = 'holdfast'
      """;
  private static final int TIMES = 30;

  private final Figures back = new Figures();

  @Override
  public String name() {
    return "terminate-connections";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage.startAll(NodeSpec.auto("a"), NodeSpec.auto("b"), NodeSpec.auto("c"));
    stage.awaitTrust();
    long ended = 0;
    int submitted;
    try (Load load = new Load(stage, 20, 30)) {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < TIMES; i++) {
          ended += stage.postgres().number(ALL);
          Await.pause(Duration.ofMillis(150));
        }
        back.addNanos(Returns.of(stage).toNanos());
        stage.healed();
      }
      submitted = load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    long moved = history.events().stream()
        .filter(event -> event.type() == EventType.REASSIGNED)
        .count();
    report.say("terminated connections: until every node completes", back);
    report.say("   " + ended + " connections ended, " + submitted + " tasks, "
        + stage.client().unknowns() + " unknown outcomes, " + moved + " reassigned, "
        + history.leads().size() + " leads");
  }
}
