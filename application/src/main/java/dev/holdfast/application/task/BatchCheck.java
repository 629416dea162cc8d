package dev.holdfast.application.task;

import dev.holdfast.application.task.SubmitAnswer.Fault;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What can be said of a batch without looking at the storage: refs that name nothing or twice,
 * circles, repeated keys. Finds every fault.
 */
final class BatchCheck {

  private final List<NewTask> batch;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Integer> refs = new HashMap<>();
  private final List<Integer> order = new ArrayList<>();

  BatchCheck(List<NewTask> batch) {
    this.batch = batch;
    checkRefs();
    checkKeys();
    checkLinks();
    sort();
  }

  List<Fault> faults() {
    return faults;
  }

  Map<String, Integer> refs() {
    return refs;
  }

  /** Upstream before downstream; only meaningful without faults. */
  List<Integer> order() {
    return order;
  }

  private void checkRefs() {
    for (int i = 0; i < batch.size(); i++) {
      String ref = batch.get(i).ref();
      if (ref != null && refs.putIfAbsent(ref, i) != null) {
        faults.add(new Fault(i, "/ref", "another task of the batch has this ref"));
      }
    }
  }

  private void checkKeys() {
    Set<List<String>> keys = new HashSet<>();
    for (int i = 0; i < batch.size(); i++) {
      NewTask task = batch.get(i);
      String key = task.idempotencyKey();
      if (key != null && !keys.add(List.of(task.address().namespace().value(), key))) {
        faults.add(new Fault(i, "/idempotencyKey", "another task of the batch has this key"));
      }
    }
  }

  private void checkLinks() {
    for (int i = 0; i < batch.size(); i++) {
      NewTask task = batch.get(i);
      if (task.parent() instanceof TaskLink.InBatch parent) {
        checkRef(i, "/parent/ref", parent);
      }
      Set<TaskLink> seen = new HashSet<>(task.dependsOn().size());
      for (int d = 0; d < task.dependsOn().size(); d++) {
        TaskLink link = task.dependsOn().get(d).on();
        if (link instanceof TaskLink.InBatch ref) {
          checkRef(i, "/dependsOn/" + d + "/ref", ref);
        }
        if (!seen.add(link)) {
          faults.add(new Fault(i, "/dependsOn/" + d, "the same dependency stands here twice"));
        }
      }
    }
  }

  private void checkRef(int index, String pointer, TaskLink.InBatch link) {
    Integer target = refs.get(link.ref());
    if (target == null) {
      faults.add(new Fault(index, pointer, "no task of the batch has the ref " + link.ref()));
    } else if (!namespaceOf(target).equals(namespaceOf(index))) {
      faults.add(new Fault(index, pointer, "the task is in another namespace"));
    }
  }

  private String namespaceOf(int index) {
    return batch.get(index).address().namespace().value();
  }

  private void sort() {
    if (batch.stream().allMatch(task -> task.dependsOn().isEmpty())) {
      IntStream.range(0, batch.size()).forEach(order::add);
      return;
    }
    List<List<Integer>> downstream = new ArrayList<>();
    List<List<Integer>> upstream = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      downstream.add(new ArrayList<>());
      upstream.add(new ArrayList<>());
    }
    for (int i = 0; i < batch.size(); i++) {
      for (Dependency dependency : batch.get(i).dependsOn()) {
        if (dependency.on() instanceof TaskLink.InBatch link && refs.containsKey(link.ref())) {
          downstream.get(refs.get(link.ref())).add(i);
          upstream.get(i).add(refs.get(link.ref()));
        }
      }
    }
    order.addAll(peeled(upstream, downstream));
    if (order.size() < batch.size()) {
      reportCircles(new HashSet<>(order), new HashSet<>(peeled(downstream, upstream)));
    }
  }

  /** Kahn's algorithm; what is not in the answer stands in a circle or behind one. */
  private static List<Integer> peeled(List<List<Integer>> before, List<List<Integer>> behind) {
    int[] open = before.stream().mapToInt(List::size).toArray();
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < open.length; i++) {
      if (open[i] == 0) {
        free.add(i);
      }
    }
    List<Integer> peeled = new ArrayList<>();
    while (!free.isEmpty()) {
      int next = free.remove();
      peeled.add(next);
      for (int one : behind.get(next)) {
        if (--open[one] == 0) {
          free.add(one);
        }
      }
    }
    return peeled;
  }

  /** What stands neither before every circle nor behind them. */
  private void reportCircles(Set<Integer> before, Set<Integer> behind) {
    for (int i = 0; i < batch.size(); i++) {
      if (!before.contains(i) && !behind.contains(i)) {
        faults.add(new Fault(i, "/dependsOn", "the dependencies form a cycle"));
      }
    }
  }
}
