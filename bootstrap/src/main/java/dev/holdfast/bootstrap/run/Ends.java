package dev.holdfast.bootstrap.run;

import dev.holdfast.application.task.SubmitAnswer.Receipt;
import dev.holdfast.bootstrap.run.RunReport.Ended;
import dev.holdfast.bootstrap.run.RunReport.Failure;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which tasks of a graph have ended, and how. Belongs to one thread. */
final class Ends {

  private static final int MOST_ASKED = 1000;
  private static final int MOST_FAILURES = 20;

  private final TaskQueries queries;
  private final List<Receipt> receipts;
  private final Map<TaskId, Optional<TaskState>> ends = new LinkedHashMap<>();
  private int ended;
  private int completed;

  Ends(TaskQueries queries, List<Receipt> receipts) {
    this.queries = queries;
    this.receipts = receipts;
    receipts.forEach(receipt -> ends.put(receipt.id(), Optional.empty()));
    receipts.forEach(receipt -> set(receipt.id(), receipt.state()));
  }

  int all() {
    return ends.size();
  }

  int ended() {
    return ended;
  }

  int completed() {
    return completed;
  }

  boolean isAll() {
    return ended == ends.size();
  }

  List<TaskId> in(Set<TaskState> states) {
    return ends.entrySet().stream()
        .filter(entry -> entry.getValue().filter(states::contains).isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Takes note of an event of whatever task. */
  void take(TaskEvent event) {
    if (!ends.containsKey(event.task())) {
      return;
    }
    switch (event.type()) {
      case COMPLETED -> set(event.task(), TaskState.COMPLETED);
      case DEAD_LETTERED -> set(event.task(), TaskState.FAILED);
      case CANCELLED -> set(event.task(), TaskState.CANCELLED);
      case TIMED_OUT -> set(event.task(), TaskState.TIMED_OUT);
      case REPLAYED -> forget(List.of(event.task()));
      default -> {}
    }
  }

  /** They live again. */
  void forget(Collection<TaskId> tasks) {
    tasks.forEach(task -> count(ends.replace(task, Optional.empty()), -1));
  }

  /** Asks the storage how these stand. */
  void refresh(Collection<TaskId> tasks) {
    List<TaskId> asked = List.copyOf(tasks);
    for (int from = 0; from < asked.size(); from += MOST_ASKED) {
      List<TaskId> some = asked.subList(from, Math.min(asked.size(), from + MOST_ASKED));
      queries.states(some).forEach(this::set);
    }
  }

  /** Asks the storage whether all have ended indeed: events from before a replay may mislead. */
  boolean confirm() {
    refresh(ends.keySet());
    return isAll();
  }

  List<Ended> tasks() {
    var tasks = new ArrayList<Ended>();
    for (Receipt receipt : receipts) {
      TaskState state = ends.getOrDefault(receipt.id(), Optional.empty()).orElse(receipt.state());
      tasks.add(new Ended(tasks.size(), receipt.id(), receipt.ref(), state));
    }
    return tasks;
  }

  /** Of the first that ended badly by themselves; then of those that had to follow. */
  List<Failure> failures() {
    return tasks().stream()
        .filter(task -> task.state() != TaskState.COMPLETED)
        .sorted(Comparator.comparing(task -> task.state() == TaskState.CANCELLED))
        .limit(MOST_FAILURES)
        .flatMap(task -> failure(task).stream())
        .toList();
  }

  private Optional<Failure> failure(Ended task) {
    return queries.find(task.id()).map(view -> {
      TaskError error = view.error() == null ? TaskError.of("", "") : view.error();
      String type = view.definition().address().type().value();
      return new Failure(task, type, view.attempt(), error.type(), error.message());
    });
  }

  private void set(TaskId task, TaskState state) {
    Optional<TaskState> end = state.isTerminal() ? Optional.of(state) : Optional.empty();
    count(ends.replace(task, end), -1);
    count(end, 1);
  }

  private void count(Optional<TaskState> end, int change) {
    if (end.isPresent()) {
      ended += change;
      completed += end.get() == TaskState.COMPLETED ? change : 0;
    }
  }
}
