package dev.holdfast.http.task;

import dev.holdfast.domain.task.NewTask;
import dev.holdfast.http.json.Faults;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names that must not be given twice inside one batch. Belongs to one thread. */
final class BatchNames {

  private final Set<String> refs = new HashSet<>();
  private final Set<List<String>> keys = new HashSet<>();

  void check(NewTask task, String pointer, Faults faults) {
    if (task.ref() != null && !refs.add(task.ref())) {
      faults.add(pointer + "/ref", "names another task of the batch already");
    }
    String key = task.idempotencyKey();
    if (key != null && !keys.add(List.of(task.address().namespace().value(), key))) {
      faults.add(pointer + "/idempotencyKey", "is the key of another task of the batch already");
    }
  }
}
