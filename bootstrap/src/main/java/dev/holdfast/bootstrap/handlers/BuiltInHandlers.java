package dev.holdfast.bootstrap.handlers;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.value.Json;
import java.util.Map;
import java.util.Set;

/** The task types that need nothing but the engine. */
public final class BuiltInHandlers {

  private BuiltInHandlers() {}

  /** {@code echo}, {@code sleep}, {@code fail} and {@code aggregate}, by type. */
  public static Map<String, Handler> of(JsonMapper mapper) {
    return Map.of(
        "echo",
        TaskContext::payload,
        "sleep",
        new SleepHandler(mapper),
        "fail",
        new FailHandler(mapper),
        "aggregate",
        context -> aggregate(mapper, context));
  }

  private static Json aggregate(JsonMapper mapper, TaskContext context) {
    new Payload(mapper, context.payload(), Set.of()).requireNoFaults();
    return Results.of(mapper, context.upstream());
  }
}
