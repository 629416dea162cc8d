package dev.holdfast.bootstrap.handlers;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.value.Json;
import java.util.Set;

/** {@code sleep}: waits for so many milliseconds, or until it is interrupted. */
final class SleepHandler implements Handler {

  private final JsonMapper mapper;

  SleepHandler(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public Json handle(TaskContext context) throws InterruptedException {
    var payload = new Payload(mapper, context.payload(), Set.of("millis"));
    if (!payload.has("millis")) {
      payload.fault("/millis", "is required");
    }
    long millis =
        payload.wholeNumber("millis", 0, RunPolicy.MAX_DURATION.toMillis()).orElse(0L);
    payload.requireNoFaults();
    Thread.sleep(millis);
    return new Json("{\"sleptMillis\":" + millis + "}");
  }
}
