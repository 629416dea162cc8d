package dev.holdfast.application.task;

import dev.holdfast.application.task.Explanation.Wait;
import dev.holdfast.application.task.Explanation.WaitKind;
import dev.holdfast.domain.placement.Placement;
import dev.holdfast.domain.placement.ReasonCode;
import dev.holdfast.domain.placement.Verdict;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says why a task runs or does not. Safe for concurrent use. */
public final class ExplainTask {

  private final Storage storage;

  /** Explains what a storage holds. */
  public ExplainTask(Storage storage) {
    this.storage = storage;
  }

  /** The explanation; empty if there is no such task. */
  public Optional<Explanation> explain(TaskId task) {
    return storage.tasks().find(task).map(this::explain);
  }

  private Explanation explain(TaskView view) {
    TaskDefinition task = view.definition();
    List<Verdict> verdicts = view.state().isTerminal()
        ? List.of()
        : storage.sessions().nodes().stream()
            .map(NodeView::profile)
            .map(node -> Placement.judge(node, task.address().type(), task.constraints()))
            .toList();
    return new Explanation(
        task.id(), view.state(), view.queuePosition(), waits(view, verdicts), verdicts);
  }

  private List<Wait> waits(TaskView view, List<Verdict> verdicts) {
    return switch (view.state()) {
      case BLOCKED -> dependencies(view.definition().id());
      case SCHEDULED -> List.of(new Wait(WaitKind.TIME, "due at " + view.dueAt()));
      case WAITING -> List.of(new Wait(WaitKind.TIME, "suspended until it is woken"));
      case PENDING -> nodes(view, verdicts);
      case CLAIMED, RUNNING, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> List.of();
    };
  }

  private List<Wait> dependencies(TaskId task) {
    return storage.tasks().upstream(task).stream()
        .filter(ExplainTask::isOpen)
        .map(up -> new Wait(WaitKind.DEPENDENCY, up.task() + " is " + up.state().code()))
        .toList();
  }

  private static boolean isOpen(Upstream up) {
    return up.state() != TaskState.COMPLETED && !(up.state().isTerminal() && !up.required());
  }

  /** What the nodes lack, from what no node has to what only a busy one lacks. */
  private static List<Wait> nodes(TaskView view, List<Verdict> verdicts) {
    if (verdicts.stream().anyMatch(Verdict::isEligible)) {
      return List.of(new Wait(WaitKind.SLOT, "a node can run it as soon as its turn comes"));
    }
    List<Wait> waits = new ArrayList<>();
    if (noneWithout(verdicts, EnumSet.of(ReasonCode.MISSING_EXECUTOR))) {
      String type = view.definition().address().type().value();
      waits.add(new Wait(WaitKind.EXECUTOR, "no node has a handler for type " + type));
    }
    if (noneWithout(verdicts, EnumSet.of(ReasonCode.LABEL))) {
      waits.add(new Wait(
          WaitKind.LABEL, "no node has " + view.definition().constraints().labels()));
    }
    if (verdicts.isEmpty() || noneWithout(verdicts, NODE_REASONS)) {
      waits.add(new Wait(WaitKind.NODE, "no node that may run it is up"));
    }
    if (waits.isEmpty()) {
      waits.add(new Wait(WaitKind.SLOT, "every node that could run it is busy or unfit"));
    }
    return waits;
  }

  private static final Set<ReasonCode> NODE_REASONS = EnumSet.of(
      ReasonCode.NOT_ALLOWED,
      ReasonCode.FORBIDDEN,
      ReasonCode.DRAINING,
      ReasonCode.STALE,
      ReasonCode.DEAD,
      ReasonCode.OBSERVER);

  private static boolean noneWithout(List<Verdict> verdicts, Set<ReasonCode> codes) {
    return !verdicts.isEmpty()
        && verdicts.stream()
            .allMatch(v -> v.reasons().stream().anyMatch(r -> codes.contains(r.code())));
  }
}
