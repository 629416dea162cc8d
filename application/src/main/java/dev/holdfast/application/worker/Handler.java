package dev.holdfast.application.worker;

import dev.holdfast.domain.value.Json;

/**
 * Runs tasks of one type. Called on a virtual thread, many at a time, at least once per task:
 * whatever it does outside of Holdfast should be idempotent, or be guarded by the fence of its
 * context.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Does the work of one attempt. Interruption means stop: the task was cancelled, timed out, or
   * given away.
   *
   * @return the result; at most 1 MiB
   * @throws Exception to fail the attempt; its class name is the error type, unless it is a {@link
   *     TaskFailure}
   */
  Json handle(TaskContext context) throws Exception;
}
