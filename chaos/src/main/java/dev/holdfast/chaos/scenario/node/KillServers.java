package dev.holdfast.chaos.scenario.node;

import dev.holdfast.bootstrap.Main;
import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.scenario.HttpLoad;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * F1 over HTTP: whole servers, as people run them, of which only the leader takes writes; the
 * leader is killed again and again while a client submits to whoever takes it.
 */
public final class KillServers implements Scenario {

  private final Map<String, Integer> ports = new LinkedHashMap<>();

  @Override
  public String name() {
    return "kill-servers";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    for (String name : List.of("a", "b", "c")) {
      ports.put(name, Postgres.freePort());
      serve(stage, name);
    }
    HttpLoad load = new HttpLoad(stage, List.copyOf(ports.values()));
    load.awaitAnswer();
    int submitted;
    try (load) {
      load.start();
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofMillis(1000 + stage.random().nextInt(1000)));
        String leader = stage.awaitLeader();
        stage.node(leader).kill();
        stage.healed();
        Await.pause(Duration.ofMillis(stage.random().nextInt(1000)));
        serve(stage, leader);
      }
      Await.pause(Duration.ofSeconds(2));
      submitted = load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    report.say("   " + rounds + " kills of leading servers, " + submitted
        + " tasks over HTTP, longest time without an acknowledgement "
        + load.longestSilence().toMillis() + " ms, " + history.leads().size() + " leads");
  }

  private void serve(Stage stage, String name) {
    Map<String, String> environment = Map.of(
        "HOLDFAST_STORAGE",
        "postgres",
        "HOLDFAST_POSTGRES_URL",
        stage.engineUrl(),
        "HOLDFAST_POSTGRES_USER",
        "postgres",
        "HOLDFAST_POSTGRES_SCHEMA",
        Stage.SCHEMA,
        "HOLDFAST_CLUSTER_ENABLED",
        "true",
        "HOLDFAST_NODE_ROLE",
        "auto",
        "HOLDFAST_NODE_ID",
        name,
        "HOLDFAST_HTTP_PORT",
        Integer.toString(ports.getOrDefault(name, 0)));
    stage.add(NodeProcess.start(
        name,
        stage.folder(),
        List.of("-Xmx192m"),
        environment,
        List.of(Main.class.getName(), "serve")));
  }
}
