package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.SeenEvent;
import dev.holdfast.chaos.trace.TaskRow;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Kills of a node that has claimed far more than it runs, of tasks that may be tried once only:
 * what had not begun must not fail.
 */
public final class Prefetch implements Scenario {

  private static final int QUICK = 300;
  private static final int TASKS = 400;

  @Override
  public String name() {
    return "prefetch";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(NodeSpec.auto("a").withSlots(0), NodeSpec.worker("b").withSlots(8));
    stage.awaitLeader();
    stage.awaitTrust();
    int most = 0;
    for (int round = 0; round < rounds; round++) {
      most = Math.max(most, round(stage, round));
    }
    History history = stage.check(Duration.ofSeconds(90));
    Set<String> started = history.events().stream()
        .filter(event -> event.type() == EventType.STARTED)
        .map(SeenEvent::task)
        .collect(Collectors.toSet());
    List<TaskRow> failed =
        history.tasks().stream().filter(task -> task.state().equals("failed")).toList();
    report.say("   " + rounds + " kills, up to " + most + " tasks held by the victim, "
        + failed.size() + " failed, all of which had begun");
    failed.forEach(task -> {
      if (!started.contains(task.task())) {
        throw new IllegalStateException(task.task() + " failed and had never begun");
      }
    });
  }

  private static int round(Stage stage, int round) {
    NodeProcess victim = stage.node("b");
    int before = stage.lines().count();
    // Handlers that take hardly any time make the node claim ahead of its slots; what it then
    // claims takes longer.
    stage.client().submit(Tasks.of("sleep", "{\"ms\":0}", "q" + round, QUICK, Prefetch::once));
    stage.client().submit(Tasks.of("sleep", "{\"ms\":40}", "f" + round, TASKS, Prefetch::once));
    Await.until("work", Duration.ofSeconds(30), () -> begins(stage, before) > QUICK + 4);
    victim.kill();
    int held = held(stage);
    stage.awaitReady(stage.start(NodeSpec.worker("b").withSlots(8)));
    return held;
  }

  private static long begins(Stage stage, int before) {
    return stage.lines().from(before).stream()
        .filter(line -> line.mark() == Mark.BEGIN)
        .count();
  }

  private static int held(Stage stage) {
    try {
      return (int) stage.postgres().number("SELECT count(*) FROM chaos.held");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NewTask once(NewTask task) {
    RunPolicy policy = task.policy();
    return task.withPolicy(new RunPolicy(
        1, RetryPolicy.DEFAULT, policy.timeout(), policy.expiresIn(), policy.onWorkerLoss()));
  }
}
