package dev.holdfast.bootstrap.handlers;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.value.Json;
import java.util.Set;

/**
 * {@code fail}: fails so many attempts, or all of them, and then completes. Attempts before a
 * replay count: who replays it sees it complete one day.
 */
final class FailHandler implements Handler {

  /** The error type of its failures. */
  static final String FAILURE = "fail";

  private final JsonMapper mapper;

  FailHandler(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public Json handle(TaskContext context) {
    var payload = new Payload(mapper, context.payload(), Set.of("message", "failures"));
    String message = payload.text("message").orElse("failed as it was asked to");
    long failures =
        payload.wholeNumber("failures", 0, Integer.MAX_VALUE).orElse((long) Integer.MAX_VALUE);
    payload.requireNoFaults();
    // The fence counts on where a replay begins anew with attempt 1.
    if (context.fence() <= failures) {
      throw TaskFailure.of(FAILURE, message);
    }
    return new Json("{\"attempts\":" + context.fence() + "}");
  }
}
