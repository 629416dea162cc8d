package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.NodeLine;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * F2: SIGSTOP of a worker whose handlers run, until its tasks run elsewhere; then it goes on, and
 * what its handlers return must be refused. Dead after ten seconds by default.
 */
public final class PauseWorker implements Scenario {

  private static final Duration BOUND = Duration.ofSeconds(12);
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int TASKS = 12;

  private final Figures moved = new Figures();

  @Override
  public String name() {
    return "pause-worker";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(NodeSpec.auto("a").withSlots(0), NodeSpec.worker("b"), NodeSpec.worker("c"));
    stage.awaitLeader();
    for (int round = 0; round < rounds; round++) {
      round(stage, round);
    }
    stage.check(Duration.ofSeconds(60));
    long late = stage.nodes().stream().mapToLong(PauseWorker::refused).sum();
    report.say("SIGSTOP worker: to the last reassigned begin", moved);
    report.say("   late completions that were refused: " + late);
    if (moved.quantile(1) > BOUND.toMillis() || late == 0) {
      throw new IllegalStateException("too late, or nothing was refused");
    }
  }

  private void round(Stage stage, int round) {
    int before = stage.lines().count();
    // The time that the handlers sleep passes while they are stopped, so they return at once.
    Set<String> ids = stage.client().submit(Tasks.sleeping("p" + round, TASKS, 4000)).stream()
        .map(TaskId::toString)
        .collect(Collectors.toSet());
    Await.until("all run", PATIENCE, () -> begins(stage, before, ids).size() == TASKS);
    Await.pause(Duration.ofMillis(500));
    String name = begins(stage, before, ids).getFirst().node();
    NodeProcess victim = stage.node(name);
    long paused = System.nanoTime();
    victim.pause();
    Set<String> lost = begins(stage, before, ids).stream()
        .filter(line -> line.process() == victim.pid())
        .map(NodeLine::task)
        .collect(Collectors.toSet());
    Await.until("lost tasks run again", PATIENCE, () -> again(stage, before, lost) == lost.size());
    long last = begins(stage, before, lost).stream()
        .filter(line -> line.run() > 1)
        .mapToLong(NodeLine::nanos)
        .max()
        .orElseThrow();
    moved.addNanos(last - paused);
    victim.resume();
    stage.healed();
    stage.awaitAllEnded(PATIENCE);
  }

  private static long refused(NodeProcess process) {
    return process
        .output()
        .lines()
        .filter(line -> line.contains("a late outcome was refused"))
        .count();
  }

  private static long again(Stage stage, int before, Set<String> ids) {
    return begins(stage, before, ids).stream()
        .filter(line -> line.run() > 1)
        .map(NodeLine::task)
        .distinct()
        .count();
  }

  private static List<NodeLine> begins(Stage stage, int before, Set<String> ids) {
    return stage.lines().from(before).stream()
        .filter(line -> line.mark() == Mark.BEGIN && ids.contains(line.task()))
        .toList();
  }
}
