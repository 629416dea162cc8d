package dev.holdfast.application.task;

import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Map;

/**
 * A batch that is sound in itself, with ids, ready to be stored.
 *
 * @param fingerprints of those tasks that have a key, by their place in the batch
 * @param refs the place in the batch that each ref names
 * @param order the places in the batch, upstream before downstream
 */
record Submission(
    List<NewTask> tasks,
    List<TaskId> ids,
    Map<Integer, String> fingerprints,
    Map<String, Integer> refs,
    List<Integer> order) {

  int size() {
    return tasks.size();
  }

  /** Whether each of its tasks is born ready, whatever else there is and whatever the time. */
  boolean isPlain() {
    return fingerprints.isEmpty() && tasks.stream().allMatch(Submission::isPlain);
  }

  private static boolean isPlain(NewTask task) {
    return task.due() instanceof Due.Now
        && task.dependsOn().isEmpty()
        && task.parent() == null
        && task.policy().expiresIn() == null;
  }
}
