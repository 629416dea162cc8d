package dev.holdfast.application.engine;

import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.task.Explanation;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one does with tasks. Safe for concurrent use; blocks, so call it from virtual threads. */
public interface Tasks {

  /** Upper bound of tasks in one batch. */
  int MAX_BATCH = 10_000;

  /**
   * Submits a batch: all of it is durable when this returns an acceptance, or nothing is. Batches
   * of concurrent callers share statements.
   *
   * @param batch 1..{@value #MAX_BATCH} tasks
   * @throws dev.holdfast.domain.port.StorageUnavailable if the outcome is unknown; the same batch
   *     with idempotency keys can be sent again
   */
  SubmitAnswer submit(List<NewTask> batch);

  /**
   * Submits one task.
   *
   * @return its id; that of the first one when its idempotency key is known
   * @throws SubmitRefused if it was not accepted
   */
  default TaskId submit(NewTask task) {
    SubmitAnswer answer = submit(List.of(task));
    if (answer instanceof SubmitAnswer.Accepted accepted) {
      return accepted.receipts().get(0).id();
    }
    throw new SubmitRefused(answer);
  }

  /**
   * Submits inside the caller's transaction: nothing is durable before the caller commits. See the
   * storage for how to make one from a connection.
   */
  SubmitAnswer submit(StorageTx transaction, List<NewTask> batch);

  /**
   * Waits for the end of a task, woken by the event, holding no connection.
   *
   * @param patience the longest wait; zero or less asks once
   * @return the task as it then is, ended or not; empty if there is no such task
   * @throws InterruptedException if the caller is interrupted while it waits
   */
  Optional<TaskView> await(TaskId task, Duration patience) throws InterruptedException;

  /**
   * Cancels a task.
   *
   * @param reason for people; at most 1,000 characters
   * @param force whether a running task ends at once, without its handler's consent
   */
  CancelAnswer cancel(TaskId task, String reason, boolean force);

  /** Starts an ended task anew, and revives the dependants that its bad end had cancelled. */
  ReplayAnswer replay(TaskId task);

  /** Says why a task runs or does not; empty if there is no such task. */
  Optional<Explanation> explain(TaskId task);
}
