package dev.holdfast.chaos.scenario.database;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import java.time.Duration;

/**
 * F11: the primary crashes under load and its synchronous standby becomes the primary, while nodes
 * know both addresses. The old primary stays away.
 */
public final class Failover implements Scenario {

  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Figures back = new Figures();

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      once(stage, round);
    }
    report.say("failover: from the promotion until every node completes", back);
    report.say("   0 acknowledged tasks lost, " + stage.client().unknowns() + " unknown outcomes");
    if (back.quantile(1) > BOUND.toMillis()) {
      throw new IllegalStateException("a node came back too late");
    }
  }

  private void once(Stage stage, int round) throws Exception {
    // Nodes of the round before do not know the new standby's address.
    stage.nodes().forEach(NodeProcess::kill);
    Postgres primary = stage.postgres();
    Postgres standby = primary.standby(stage.folder().resolve("standby" + round), "standby");
    standby.start();
    primary.execute(
        "ALTER SYSTEM SET synchronous_standby_names = 'standby'",
        "ALTER SYSTEM SET synchronous_commit = 'remote_apply'",
        "SELECT pg_reload_conf()");
    Await.until(
        "a synchronous standby",
        Duration.ofSeconds(20),
        () -> primary.number("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
            == 1);
    stage.standsBy(standby);
    stage.startAll(spec(stage, "a"), spec(stage, "b"), spec(stage, "c"));
    try (Load load = new Load(stage, 20, 30)) {
      Await.pause(Duration.ofMillis(2000 + stage.random().nextInt(1000)));
      primary.crash();
      standby.promote();
      stage.moveTo(standby);
      standby.execute(
          "ALTER SYSTEM RESET synchronous_standby_names",
          "ALTER SYSTEM RESET synchronous_commit",
          "SELECT pg_reload_conf()");
      back.addNanos(Returns.of(stage).toNanos());
      stage.healed();
      load.end();
    }
    stage.check(Duration.ofSeconds(60));
  }

  private static NodeSpec spec(Stage stage, String name) {
    return NodeSpec.auto(name).at(stage.url());
  }
}
