package dev.holdfast.chaos.node;

import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.value.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The handlers of a node under test; each writes down when it was called and when it ended. */
final class Work {

  /** Lines of every handler call but these: there are too many of them. */
  static final String QUIET = "quiet";

  private final NodeLog log;
  private final JsonMapper json;
  private final Gates gates;

  Work(NodeLog log, JsonMapper json, Gates gates) {
    this.log = log;
    this.json = json;
    this.gates = gates;
  }

  void register(EngineBuilder builder) {
    builder.handler("sleep", context -> logged(context, this::sleep));
    builder.handler("gpu", context -> logged(context, this::sleep));
    builder.handler("hold", context -> logged(context, this::hold));
    builder.handler("poison", context -> logged(context, Work::poison));
    builder.handler("hungry", context -> logged(context, Work::eat));
    builder.handler(QUIET, this::quiet);
  }

  private interface Body {
    void run(TaskContext context) throws InterruptedException;
  }

  private Json logged(TaskContext context, Body body) throws InterruptedException {
    add(NodeLog.Mark.BEGIN, context);
    try {
      body.run(context);
    } catch (InterruptedException | RuntimeException | Error e) {
      add(NodeLog.Mark.STOPPED, context);
      throw e;
    }
    add(NodeLog.Mark.END, context);
    return Json.NULL;
  }

  private void add(NodeLog.Mark mark, TaskContext context) {
    log.add(mark, context.task().id().toString(), context.fence(), context.attempt(), "");
  }

  private long number(TaskContext context, String name) {
    Object value = json.read(context.payload(), Map.class).get(name);
    return value instanceof Number number ? number.longValue() : 0;
  }

  private void sleep(TaskContext context) throws InterruptedException {
    Thread.sleep(number(context, "ms"));
  }

  private Json quiet(TaskContext context) throws InterruptedException {
    hold(context);
    return Json.NULL;
  }

  private void hold(TaskContext context) throws InterruptedException {
    gates.pass(number(context, "gate"));
  }

  private static void poison(TaskContext context) {
    Runtime.getRuntime().halt(42);
  }

  private static void eat(TaskContext context) {
    List<byte[]> eaten = new ArrayList<>();
    while (!context.isStopping() && eaten.size() < 1_000_000) {
      eaten.add(new byte[8 << 20]);
    }
  }
}
