package dev.holdfast.chaos.scenario.database;

import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.NodeLine;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** When nodes are back after a fault of the database. */
final class Returns {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Returns() {}

  /**
   * From now until every live node has begun something and some node has completed something new.
   * There must be load.
   */
  static Duration of(Stage stage) {
    int before = stage.lines().count();
    long start = System.nanoTime();
    Set<Long> wanted = stage.nodes().stream()
        .filter(NodeProcess::isAlive)
        .map(NodeProcess::pid)
        .collect(Collectors.toSet());
    Set<Long> missing = new java.util.HashSet<>(wanted);
    long[] last = {start};
    Await.until(() -> "nodes are back: " + missing, PATIENCE, () -> {
      for (NodeLine line : stage.lines().from(before)) {
        if (line.mark() == Mark.ACCEPTED && missing.remove(line.process())) {
          last[0] = Math.max(last[0], line.nanos());
        }
      }
      return missing.isEmpty();
    });
    return Duration.ofNanos(last[0] - start);
  }
}
