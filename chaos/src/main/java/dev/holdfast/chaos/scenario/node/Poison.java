package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.TaskRow;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import java.time.Duration;
import java.util.List;

/**
 * F6: tasks whose handler ends the whole process, or eats all of its memory. They are dead letters
 * in the end, after at most one call more than they have attempts; their neighbours complete. Nodes
 * that ended are started again. A round: one such task.
 */
public final class Poison implements Scenario {

  private static final int NEIGHBOURS = 60;
  private static final int ATTEMPTS = 2;

  private final String type;

  /** Of the type {@code poison} or {@code hungry}. */
  public Poison(String type) {
    this.type = type;
  }

  @Override
  public String name() {
    return type;
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    List<NodeSpec> specs = List.of(spec("a"), spec("b"), spec("c"));
    specs.forEach(stage::start);
    stage.nodes().forEach(stage::awaitReady);
    stage.awaitTrust();
    Thread keeper = Thread.ofPlatform().daemon().start(() -> keepUp(stage, specs));
    for (int round = 0; round < rounds; round++) {
      stage.client().submit(Tasks.of(type, "{}", "bad" + round, 1, Poison::fewAttempts));
      stage.client().submit(Tasks.sleeping("good" + round, NEIGHBOURS, 400));
      stage.awaitAllEnded(Duration.ofSeconds(90));
    }
    keeper.interrupt();
    History history = stage.check(Duration.ofSeconds(10));
    requireDeadLetters(history);
    long calls = history.nodes().stream()
        .filter(line -> line.mark() == Mark.BEGIN)
        .filter(line -> isBad(history, line.task()))
        .count();
    report.say("   " + rounds + " such tasks with " + ATTEMPTS + " attempts, called " + calls
        + " times; " + rounds * NEIGHBOURS + " neighbours completed");
  }

  private void requireDeadLetters(History history) {
    for (TaskRow task : history.tasks()) {
      String wanted = task.type().equals(type) ? "failed" : "completed";
      if (!task.state().equals(wanted)) {
        throw new IllegalStateException(task + " should be " + wanted);
      }
    }
  }

  private boolean isBad(History history, String id) {
    return history.tasks().stream()
        .anyMatch(task -> task.task().equals(id) && task.type().equals(type));
  }

  /** As whoever runs nodes would do. */
  private static void keepUp(Stage stage, List<NodeSpec> specs) {
    while (!Thread.currentThread().isInterrupted()) {
      for (NodeSpec spec : specs) {
        NodeProcess process = stage.node(spec.name());
        if (!process.isAlive()) {
          stage.start(spec);
        }
      }
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private static NodeSpec spec(String name) {
    return NodeSpec.auto(name).with("-Xmx128m");
  }

  private static NewTask fewAttempts(NewTask task) {
    RunPolicy policy = task.policy();
    return task.withPolicy(new RunPolicy(
        ATTEMPTS, Tasks.SOON, policy.timeout(), policy.expiresIn(), policy.onWorkerLoss()));
  }
}
