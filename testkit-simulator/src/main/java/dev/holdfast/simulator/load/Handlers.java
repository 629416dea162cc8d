package dev.holdfast.simulator.load;

import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.simulator.check.Verdict;
import dev.holdfast.simulator.fault.FaultKind;
import dev.holdfast.simulator.fault.Faults;
import dev.holdfast.simulator.node.Life;
import dev.holdfast.simulator.node.Workers;
import dev.holdfast.simulator.time.Gone;
import dev.holdfast.simulator.time.Timeline;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Handlers that take virtual time, fail now and then, or take their process with them. */
public final class Handlers implements Workers {

  static final List<String> HARMLESS = List.of("quick", "slow", "long", "flaky");
  static final String POISON = "poison";

  private static final long MS = 1_000_000L;
  private static final long SLICE = 400 * MS;

  private final Timeline timeline;
  private final Faults faults;
  private final Verdict verdict;
  private final RandomGenerator chance;
  private final Map<TaskId, Integer> poisoned = new HashMap<>();
  private final Map<TaskId, Step> steps = new HashMap<>();

  /** Handlers of one history. */
  public Handlers(Timeline timeline, Faults faults, Verdict verdict, RandomGenerator chance) {
    this.timeline = timeline;
    this.faults = faults;
    this.verdict = verdict;
    this.chance = chance;
  }

  @Override
  public Map<String, Handler> of(Life life) {
    Map<String, Handler> handlers = new LinkedHashMap<>();
    handlers.put("quick", context -> work(context, 20 * MS, 0));
    handlers.put("slow", context -> work(context, 1200 * MS, 0.05));
    handlers.put("long", context -> work(context, 5000 * MS, 0));
    handlers.put("flaky", context -> work(context, 200 * MS, 0.4));
    handlers.put(POISON, context -> poison(context, life));
    return handlers;
  }

  /** Whether it has killed a worker. */
  boolean isPoison(TaskId task) {
    return poisoned.containsKey(task);
  }

  private Json work(TaskContext context, long most, double failing) throws Exception {
    boolean isStubborn = chance.nextInt(4) == 0;
    long left = chance.nextLong(most);
    while (left > 0) {
      long slice = Math.min(left, SLICE);
      timeline.pause(slice);
      left -= slice;
      if (context.isStopping() && !isStubborn) {
        throw new InterruptedException("asked to stop");
      }
    }
    if (chance.nextInt(10) == 0) {
      context.progress(100, null);
    }
    if (chance.nextInt(3) == 0) {
      step(context);
    }
    if (chance.nextDouble() < failing) {
      throw chance.nextInt(8) == 0
          ? TaskFailure.fatal("fatal", "for good")
          : TaskFailure.of("flaky", "this time");
    }
    return Json.EMPTY_OBJECT;
  }

  /** What a step came to stands, and whoever has a newer lease does not take it again. */
  private void step(TaskContext context) throws Exception {
    TaskId task = context.task().id();
    Json now = context.once("step", () -> {
      Step before = steps.get(task);
      if (before != null && before.fence < context.fence()) {
        verdict.broken("S8", task + " takes its step again in run " + context.fence());
      }
      timeline.pause(chance.nextLong(100 * MS));
      return new Json(Long.toString(chance.nextLong()));
    });
    Step before = steps.putIfAbsent(task, new Step(now, context.fence()));
    if (before != null && !before.result.equals(now)) {
      verdict.broken("S8", task + "'s step came to " + before.result + ", now to " + now);
    }
  }

  /** What a step came to, and in which run that was first known. */
  private record Step(Json result, int fence) {}

  private Json poison(TaskContext context, Life life) {
    int calls = poisoned.merge(context.task().id(), 1, Integer::sum);
    int most = context.task().policy().maxAttempts() + 1;
    if (calls > most) {
      verdict.broken("S9", context.task().id() + " kills a worker for the " + calls + "th time");
    }
    faults.count(FaultKind.POISON);
    life.die();
    throw new Gone();
  }
}
