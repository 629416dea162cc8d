package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The results of steps. */
public final class StepBook {

  private final Table<Key, Json> steps;

  StepBook(Journal journal) {
    steps = new Table<>(journal, Key.ORDER);
  }

  /** What is recorded of a step, or null. */
  public @Nullable Json find(TaskId task, String key) {
    return steps.get(new Key(task, key));
  }

  /** Records a step. */
  public void add(TaskId task, String key, Json result) {
    steps.put(new Key(task, key), result);
  }

  /** What is recorded of a task, by key. */
  public Map<String, Json> of(TaskId task) {
    Map<String, Json> found = new TreeMap<>();
    keys(task).forEach(key -> {
      Json result = steps.get(key);
      if (result != null) {
        found.put(key.name, result);
      }
    });
    return found;
  }

  /** Forgets what is recorded of a task. */
  public void remove(TaskId task) {
    keys(task).forEach(steps::remove);
  }

  private List<Key> keys(TaskId task) {
    // No step has an empty key.
    return steps.after(new Key(task, "")).keySet().stream()
        .takeWhile(key -> key.task.equals(task))
        .toList();
  }

  private record Key(TaskId task, String name) {

    static final Comparator<Key> ORDER = Comparator.comparing(Key::task).thenComparing(Key::name);
  }
}
