package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.value.TaskId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which submissions were acknowledged: each exists from then on, and once. */
public final class Acknowledged {

  private final Verdict verdict;
  private final Storage truth;
  private final Map<String, TaskId> byKey = new LinkedHashMap<>();

  Acknowledged(Verdict verdict, Storage truth) {
    this.verdict = verdict;
    this.truth = truth;
  }

  /** A client was told that the task with this key is accepted. */
  public void accepted(String key, TaskId task) {
    TaskId before = byKey.putIfAbsent(key, task);
    if (before != null && !before.equals(task)) {
      verdict.broken("S1", key + " was acknowledged as " + before + ", now as " + task);
    }
    if (truth.tasks().states(List.of(task)).isEmpty()) {
      verdict.broken("S1", key + " was acknowledged as " + task + ", which is not there");
    }
  }

  /** How many there are. */
  public int size() {
    return byKey.size();
  }

  /** Looks whether every acknowledged task is there, and none is there twice. */
  public void compareWithState() {
    Map<String, TaskId> stored = new HashMap<>();
    for (TaskView view : truth.tasks().list(TaskFilter.ALL, Integer.MAX_VALUE)) {
      String key = view.definition().identity().idempotencyKey();
      if (key != null && stored.put(key, view.definition().id()) != null) {
        verdict.broken("S1", "two tasks have the key " + key);
      }
    }
    byKey.forEach((key, task) -> {
      if (!task.equals(stored.get(key))) {
        verdict.broken(
            "S1", key + " was acknowledged as " + task + ", there is " + stored.get(key));
      }
    });
  }
}
