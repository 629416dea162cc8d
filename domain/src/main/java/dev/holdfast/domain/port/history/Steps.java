package dev.holdfast.domain.port.history;

import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.Map;

/**
 * The results of steps that handlers have taken, inside one transaction. They live as long as their
 * task, over retries, hand-backs and replays, and never change.
 */
public interface Steps {

  /**
   * Records results, each under the fence of its run: only while its session holds that run. The
   * held row is locked against its end until this transaction is over, not against other marks.
   *
   * <p>A result whose task has one of the same key already is left out: the first one stands. The
   * (run, key) pairs of one call must differ.
   *
   * @return of every run that is still held, what stands now under each of its keys; a run that is
   *     missing was no longer held by that session, and nothing of it was recorded
   */
  Map<RunKey, Map<String, Json>> record(Collection<StepResult> results);

  /** What is recorded of a task, by key; empty when there is nothing or no such task. */
  Map<String, Json> of(TaskId task);
}
