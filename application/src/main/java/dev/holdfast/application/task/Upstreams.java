package dev.holdfast.application.task;

import dev.holdfast.application.task.SubmitAnswer.Fault;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that exist already and that new ones point to. A live one is marked, so that its end
 * looks for the new dependant; an ended one is pinned, so that no replay misses it.
 */
final class Upstreams {

  private static final int MAX_LOOKS = 50;

  private final StorageTx tx;
  private final Map<TaskId, TaskDefinition> known = new HashMap<>();
  private final Map<TaskId, TaskState> ended = new HashMap<>();

  Upstreams(StorageTx tx) {
    this.tx = tx;
  }

  void look(List<Intake.Pending> batches) {
    Set<TaskId> links = new TreeSet<>();
    Set<TaskId> upstream = new TreeSet<>();
    for (Intake.Pending batch : batches) {
      if (batch.submission.isPlain()) {
        continue;
      }
      for (int i = 0; i < batch.submission.size(); i++) {
        if (batch.isNew(i)) {
          NewTask task = batch.task(i);
          task.dependsOn().forEach(d -> target(batch, d.on()).ifPresent(upstream::add));
          Optional.ofNullable(task.parent()).flatMap(p -> target(batch, p)).ifPresent(links::add);
        }
      }
    }
    links.addAll(upstream);
    if (!links.isEmpty()) {
      known.putAll(tx.facts().definitions(links));
      upstream.retainAll(known.keySet());
      settleStates(upstream);
    }
  }

  /** The existing task behind a link: named by id, or a task of the batch that exists already. */
  static Optional<TaskId> target(Intake.Pending batch, TaskLink link) {
    return switch (link) {
      case TaskLink.Existing existing -> Optional.of(existing.task());
      case TaskLink.InBatch ref -> {
        Integer index = batch.submission.refs().get(ref.ref());
        yield index == null || batch.isNew(index) ? Optional.empty() : Optional.of(batch.id(index));
      }
    };
  }

  /** Which state an upstream ended in; null while it lives. */
  @Nullable
  TaskState endOf(TaskId task) {
    return ended.get(task);
  }

  List<Fault> faultsOf(int index, NewTask task) {
    List<Fault> faults = new ArrayList<>();
    for (int d = 0; d < task.dependsOn().size(); d++) {
      check(index, "/dependsOn/" + d + "/task", task, task.dependsOn().get(d).on(), faults);
    }
    if (task.parent() != null) {
      check(index, "/parent/task", task, task.parent(), faults);
    }
    return faults;
  }

  private void check(int index, String pointer, NewTask task, TaskLink link, List<Fault> faults) {
    if (link instanceof TaskLink.Existing existing) {
      TaskDefinition definition = known.get(existing.task());
      if (definition == null) {
        faults.add(new Fault(index, pointer, "there is no task " + existing.task()));
      } else if (!definition.address().namespace().equals(task.address().namespace())) {
        faults.add(new Fault(index, pointer, "the task is in another namespace"));
      }
    }
  }

  /** Marks those that live; what has no place has ended, or moves right now: then look again. */
  void settleStates(Set<TaskId> upstream) {
    Set<TaskId> open = new TreeSet<>(upstream);
    for (int look = 0; look < MAX_LOOKS && !open.isEmpty(); look++) {
      open.removeAll(tx.places().mark(open, Marks.DEPENDANTS));
      if (!open.isEmpty()) {
        tx.facts().lock(open, false);
        // Marked again after the pin: a replay that was faster has given it a place.
        open.removeAll(tx.places().mark(open, Marks.DEPENDANTS));
        Map<TaskId, RunEnd> ends = tx.facts().lastEnds(open);
        ends.forEach((task, end) -> ended.put(task, end.state()));
        open.removeAll(ends.keySet());
      }
    }
    if (!open.isEmpty()) {
      throw new StorageUnavailable(
          "tasks " + open + " kept moving", new IllegalStateException("no stable state"));
    }
  }
}
