package dev.holdfast.application.task;

import dev.holdfast.application.task.Explanation.Wait;
import dev.holdfast.application.task.Explanation.WaitKind;
import dev.holdfast.domain.placement.Placement;
import dev.holdfast.domain.placement.Reason;
import dev.holdfast.domain.placement.ReasonCode;
import dev.holdfast.domain.placement.Verdict;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says why a task runs or does not. Safe for concurrent use. */
public final class ExplainTask {

  private static final int MOST_NAMED = 5;

  /** What no waiting changes but the node's own return. */
  private static final Set<ReasonCode> AWAY =
      EnumSet.of(ReasonCode.STALE, ReasonCode.DEAD, ReasonCode.OBSERVER);

  private static final Set<ReasonCode> CLOSED =
      EnumSet.of(ReasonCode.NOT_ALLOWED, ReasonCode.FORBIDDEN, ReasonCode.DRAINING);

  /** Whatever is no mere lack of slots. */
  private static final Set<ReasonCode> UNFIT =
      EnumSet.complementOf(EnumSet.of(ReasonCode.AT_CAPACITY));

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
        : nodes().stream()
            .map(NodeView::profile)
            .map(node -> Placement.judge(node, task.address().type(), task.constraints()))
            .toList();
    return new Explanation(
        task.id(), view.state(), view.queuePosition(), waits(view, verdicts), verdicts);
  }

  private List<NodeView> nodes() {
    Instant now = storage.transact(StorageTx::now);
    return storage.sessions().nodes().stream()
        .filter(node -> !node.isForgotten(now))
        .toList();
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

  /** What the nodes that are up lack; those that are not could have everything, and not help. */
  private static List<Wait> nodes(TaskView view, List<Verdict> verdicts) {
    if (verdicts.stream().anyMatch(Verdict::isEligible)) {
      return List.of(new Wait(WaitKind.SLOT, "a node can run it as soon as its turn comes"));
    }
    List<Verdict> up = verdicts.stream().filter(verdict -> !has(verdict, AWAY)).toList();
    if (up.isEmpty()) {
      return List.of(new Wait(WaitKind.NODE, "no node that may run it is up"));
    }
    if (up.stream().anyMatch(verdict -> !has(verdict, UNFIT))) {
      return List.of(new Wait(WaitKind.SLOT, "every node that could run it is busy"));
    }
    TaskDefinition task = view.definition();
    return Stream.of(
            wait(
                WaitKind.EXECUTOR,
                "no node that is up has a handler for type " + task.address().type(),
                up,
                EnumSet.of(ReasonCode.MISSING_EXECUTOR)),
            wait(
                WaitKind.LABEL,
                "no node that is up has " + task.constraints().labels(),
                up,
                EnumSet.of(ReasonCode.LABEL)),
            wait(WaitKind.NODE, "no node that is up may run it", up, CLOSED))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Said in general when it is so of every node, else node by node. */
  private static Optional<Wait> wait(
      WaitKind kind, String general, List<Verdict> up, Set<ReasonCode> codes) {
    List<Verdict> concerned = up.stream().filter(verdict -> has(verdict, codes)).toList();
    if (concerned.isEmpty()) {
      return Optional.empty();
    }
    if (concerned.size() == up.size()) {
      return Optional.of(new Wait(kind, general));
    }
    String each = concerned.stream()
        .limit(MOST_NAMED)
        .map(verdict -> verdict.node() + ": " + details(verdict, codes))
        .collect(Collectors.joining("; "));
    String more = concerned.size() > MOST_NAMED ? "; and others" : "";
    return Optional.of(new Wait(kind, each + more));
  }

  private static String details(Verdict verdict, Set<ReasonCode> codes) {
    return verdict.reasons().stream()
        .filter(reason -> codes.contains(reason.code()))
        .map(Reason::detail)
        .collect(Collectors.joining(", "));
  }

  private static boolean has(Verdict verdict, Set<ReasonCode> codes) {
    return verdict.reasons().stream().anyMatch(reason -> codes.contains(reason.code()));
  }
}
