package dev.holdfast.chaos.scenario.work;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.NodeLine;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A leader and two workers do thousands of tasks between them, and those that ask for a label run
 * only where it is. A round: a thousand tasks.
 */
public final class Spread implements Scenario {

  @Override
  public String name() {
    return "spread";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(
        NodeSpec.auto("a"), NodeSpec.worker("b"), NodeSpec.worker("c").labelled("gpu=yes"));
    stage.awaitLeader();
    Set<String> gpu = new HashSet<>();
    long start = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      stage.client().submit(Tasks.sleeping("s" + round, 950, 5));
      List<TaskId> ids = stage
          .client()
          .submit(Tasks.of(
              "gpu",
              "{\"ms\":5}",
              "g" + round,
              50,
              task -> task.withConstraints(Constraints.of(Map.of("gpu", "yes"), null, List.of()))));
      ids.forEach(id -> gpu.add(id.toString()));
    }
    stage.awaitAllEnded(Duration.ofMinutes(2));
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    History history = stage.check(Duration.ofSeconds(10));
    Map<String, Long> byNode = new TreeMap<>(begins(history).stream()
        .collect(Collectors.groupingBy(NodeLine::node, Collectors.counting())));
    report.say("   " + rounds * 1000 + " tasks in " + millis + " ms, by node " + byNode + "; "
        + gpu.size() + " of them asked for gpu");
    boolean isMisplaced = begins(history).stream()
        .anyMatch(line -> gpu.contains(line.task()) && !line.node().equals("c"));
    boolean isUnfair =
        byNode.size() < 3 || byNode.values().stream().anyMatch(n -> n < rounds * 100L);
    if (isMisplaced || isUnfair) {
      throw new IllegalStateException(isMisplaced ? "a task ran without its label" : "not spread");
    }
  }

  private static List<NodeLine> begins(History history) {
    List<NodeLine> begins = new ArrayList<>(history.nodes());
    begins.removeIf(line -> line.mark() != Mark.BEGIN);
    return begins;
  }
}
