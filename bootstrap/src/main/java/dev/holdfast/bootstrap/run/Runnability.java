package dev.holdfast.bootstrap.run;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.placement.Placement;
import dev.holdfast.domain.placement.Reason;
import dev.holdfast.domain.placement.Verdict;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.NodeId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds tasks that the only node there is can never run, before anybody waits for them. */
public final class Runnability {

  private Runnability() {}

  /**
   * Checks a graph.
   *
   * @param self the node that shall run it
   * @throws DocumentInvalid with every task that it could not run
   */
  public static void check(List<NewTask> graph, List<NodeView> nodes, NodeId self) {
    nodes.stream()
        .map(NodeView::profile)
        .filter(profile -> profile.node().equals(self))
        .findFirst()
        .ifPresent(profile -> check(graph, able(profile)));
  }

  private static void check(List<NewTask> graph, NodeProfile profile) {
    List<String> faults = IntStream.range(0, graph.size())
        .filter(i -> !serves(profile, graph.get(i)))
        .mapToObj(i -> "/tasks/" + i + " " + reasons(profile, graph.get(i)))
        .toList();
    if (!faults.isEmpty()) {
      String known = profile.types().stream()
          .map(type -> type.value())
          .sorted()
          .collect(Collectors.joining(", "));
      throw new DocumentInvalid(
          "this node can never run some tasks; the types it knows are " + known + ":", faults);
    }
  }

  private static boolean serves(NodeProfile profile, NewTask task) {
    return Placement.serves(profile, task.address().type(), task.constraints());
  }

  private static String reasons(NodeProfile profile, NewTask task) {
    Verdict verdict = Placement.judge(profile, task.address().type(), task.constraints());
    return verdict.reasons().stream().map(Reason::detail).collect(Collectors.joining("; "));
  }

  /** What comes and goes does not count. */
  private static NodeProfile able(NodeProfile profile) {
    return new NodeProfile(
        profile.node(), profile.labels(), profile.types(), NodeCondition.HEALTHY, 1);
  }
}
