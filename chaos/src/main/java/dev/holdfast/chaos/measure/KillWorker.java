package dev.holdfast.chaos.measure;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.NodeLine;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code kill -9} of a worker whose handlers run: from the kill to the begin of the reassigned
 * attempt on another node, for each of its tasks.
 */
public final class KillWorker implements Scenario {

  private static final int TASKS = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Figures first = new Figures();
  private final Figures last = new Figures();

  @Override
  public String name() {
    return "kill-worker";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(NodeSpec.auto("a").withSlots(0), NodeSpec.worker("b"), NodeSpec.worker("c"));
    stage.awaitLeader();
    stage.awaitTrust();
    for (int round = 0; round < rounds; round++) {
      round(stage, round);
    }
    stage.check(Duration.ofSeconds(30));
    report.say("kill -9 worker: to the first reassigned begin", first);
    report.say("kill -9 worker: to the last reassigned begin", last);
  }

  private void round(Stage stage, int round) {
    int before = stage.lines().count();
    Set<String> ids = stage.client().submit(Tasks.holding("r" + round, TASKS, round)).stream()
        .map(TaskId::toString)
        .collect(Collectors.toSet());
    Await.until("all run", PATIENCE, () -> begun(stage, before, ids).size() == TASKS);
    Await.pause(Duration.ofMillis(300 + stage.random().nextInt(1000)));
    Map<String, NodeLine> lost = begun(stage, before, ids);
    // A node with free slots takes what there is, so one of the two may have none.
    NodeProcess victim = stage.node(lost.values().iterator().next().node());
    lost.values().removeIf(line -> line.process() != victim.pid());
    long killed = System.nanoTime();
    victim.kill();
    Await.until("lost tasks run again", PATIENCE, () -> moved(stage, before, lost));
    List<Long> after = begun(stage, before, lost.keySet()).values().stream()
        .map(line -> line.nanos() - killed)
        .sorted()
        .toList();
    first.addNanos(after.getFirst());
    last.addNanos(after.getLast());
    NodeProcess again = stage.start(NodeSpec.worker(victim.name()));
    stage.openGate(round);
    stage.awaitAllEnded(PATIENCE);
    stage.awaitReady(again);
  }

  private static boolean moved(Stage stage, int before, Map<String, NodeLine> lost) {
    Map<String, NodeLine> now = begun(stage, before, lost.keySet());
    return lost.values().stream()
        .allMatch(line -> now.getOrDefault(line.task(), line).run() > line.run());
  }

  /** The newest begin of each of these tasks. */
  private static Map<String, NodeLine> begun(Stage stage, int before, Set<String> ids) {
    Map<String, NodeLine> newest = new HashMap<>();
    for (NodeLine line : stage.lines().from(before)) {
      if (line.mark() == Mark.BEGIN && ids.contains(line.task())) {
        newest.put(line.task(), line);
      }
    }
    return newest;
  }
}
