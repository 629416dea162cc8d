package dev.holdfast.chaos.scenario.network;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.ChaosProxy;
import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.measure.LeaderWatch;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.domain.event.EventType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * F13: the network between the leader and the database goes silent for longer than a session may
 * live; nothing is closed. It then comes back with all that was sent.
 */
public final class Partition implements Scenario {

  private static final Duration BOUND = Duration.ofSeconds(7);

  private final Figures gap = new Figures();

  @Override
  public String name() {
    return "partition";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    Map<String, ChaosProxy> proxies = new HashMap<>();
    for (String name : java.util.List.of("a", "b", "c")) {
      ChaosProxy proxy = stage.proxy();
      proxies.put(name, proxy);
      stage.start(NodeSpec.auto(name).at(Postgres.urlAt(proxy.port())));
    }
    stage.nodes().forEach(stage::awaitReady);
    int submitted;
    try (Load load = new Load(stage, 10, 100)) {
      for (int round = 0; round < rounds; round++) {
        String leader = stage.awaitLeader();
        Await.pause(Duration.ofMillis(500 + stage.random().nextInt(1000)));
        ChaosProxy cut = Objects.requireNonNull(proxies.get(leader));
        cut.fail(ChaosProxy.Mode.BLACKHOLE);
        long from = System.nanoTime();
        LeaderWatch.awaitOther(stage, leader, Duration.ofSeconds(30));
        gap.addNanos(System.nanoTime() - from);
        Await.pause(Duration.ofSeconds(8));
        cut.fail(ChaosProxy.Mode.PASS);
        stage.healed();
        Await.pause(Duration.ofSeconds(1));
      }
      submitted = load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    long moved = history.events().stream()
        .filter(event -> event.type() == EventType.REASSIGNED)
        .count();
    report.say("silent partition of the leader: to the next leader", gap);
    report.say("   " + submitted + " tasks, " + moved + " reassigned");
    if (gap.quantile(1) > BOUND.toMillis() || moved == 0) {
      throw new IllegalStateException("too late, or the node that was cut off kept its tasks");
    }
  }
}
