package dev.holdfast.bootstrap.bench;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.postgres.PostgresCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.ConcurrentHistogram;

/** Runs scenarios, one after the other. Belongs to one thread. */
public final class Bench {

  private static final String TYPE = "bench";
  private static final int BULK = 1000;
  private static final int DIGITS = 3;
  private static final Json DONE = Json.NULL;

  private final Scratch scratch;
  private final int slots;
  private final Load load;

  /** In this place, with so many slots where tasks are run. */
  public Bench(Scratch scratch, int slots, Load load) {
    this.scratch = scratch;
    this.slots = slots;
    this.load = load;
  }

  /** Runs one of them from an empty storage to its end. */
  public Result run(Scenario scenario) throws InterruptedException, ExecutionException {
    return switch (scenario) {
      case ENQUEUE -> enqueue();
      case DRAIN -> drain();
      case LATENCY -> latency();
    };
  }

  private Result enqueue() throws InterruptedException, ExecutionException {
    var latencies = new ConcurrentHistogram(DIGITS);
    Tally tally;
    Optional<PostgresCounts> before;
    try (Storage storage = scratch.open();
        Engine engine = engine(storage, 0, Meters.NONE, context -> DONE)) {
      submitSingly(engine, Math.min(load.tasks() / 10, BULK), call -> {});
      before = scratch.counts();
      tally = new Tally(load.tasks());
      Tally counting = tally;
      submitSingly(engine, load.tasks(), nanos -> {
        latencies.recordValue(nanos);
        counting.done(1);
      });
    }
    return new Result(
        Scenario.ENQUEUE,
        load.tasks(),
        tally.seconds(),
        Optional.of(latencies),
        tally.progress(),
        costSince(before));
  }

  private void submitSingly(Engine engine, int count, TimeTaken taken)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    together(load.threads(), () -> {
      for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
        long begin = System.nanoTime();
        engine.tasks().submit(task(number));
        taken.nanos(System.nanoTime() - begin);
      }
    });
  }

  private Result drain() throws InterruptedException, ExecutionException {
    try (Storage storage = scratch.open();
        Engine engine = engine(storage, 0, Meters.NONE, context -> DONE)) {
      AtomicInteger next = new AtomicInteger();
      together(4, () -> {
        for (int from = next.getAndAdd(BULK); from < load.tasks(); from = next.getAndAdd(BULK)) {
          List<NewTask> batch = new ArrayList<>();
          for (int number = from; number < Math.min(load.tasks(), from + BULK); number++) {
            batch.add(task(number));
          }
          engine.tasks().submit(batch);
        }
      });
    }
    Optional<PostgresCounts> before = scratch.counts();
    Tally tally = new Tally(load.tasks());
    try (Storage storage = scratch.openAgain();
        Engine engine = engine(storage, slots, new Ends(tally), context -> DONE)) {
      tally.awaitAll();
      engine.stop(Duration.ZERO);
    }
    return new Result(
        Scenario.DRAIN,
        load.tasks(),
        tally.seconds(),
        Optional.empty(),
        tally.progress(),
        costSince(before));
  }

  private Result latency() throws InterruptedException {
    int count = load.rate() * load.seconds();
    var latencies = new ConcurrentHistogram(DIGITS);
    Tally tally = new Tally(count);
    AtomicLongArray due = new AtomicLongArray(count);
    Optional<PostgresCounts> before;
    try (Storage storage = scratch.open();
        Engine engine = engine(storage, slots, Meters.NONE, context -> {
          int number = Integer.parseInt(context.payload().text());
          latencies.recordValue(System.nanoTime() - due.get(number));
          tally.done(1);
          return DONE;
        })) {
      before = scratch.counts();
      openLoop(engine, due);
      tally.awaitAll();
    }
    return new Result(
        Scenario.LATENCY,
        count,
        tally.seconds(),
        Optional.of(latencies),
        tally.progress(),
        costSince(before));
  }

  /** Each submission from a thread of its own: a slow one delays no other, and counts as late. */
  private void openLoop(Engine engine, AtomicLongArray due) {
    long start = System.nanoTime();
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < due.length(); number++) {
        long at = start + (long) (number * 1e9 / load.rate());
        due.set(number, at);
        for (long now = System.nanoTime(); now < at; now = System.nanoTime()) {
          LockSupport.parkNanos(at - now);
        }
        NewTask task = task(number);
        var unused = calls.submit(() -> engine.tasks().submit(task));
      }
    }
  }

  private Optional<PostgresCounts> costSince(Optional<PostgresCounts> before) {
    return before.flatMap(was -> scratch.counts().map(now -> now.since(was)));
  }

  private static Engine engine(Storage storage, int slots, Meters meters, Handler handler) {
    EngineSettings settings = EngineSettings.of(new NodeId("bench")).withSlots(slots);
    return new EngineBuilder(storage, new JacksonJsonMapper(), settings)
        .meters(meters)
        .handler(TYPE, handler)
        .start();
  }

  private static NewTask task(int number) {
    return NewTask.of(TYPE, new Json(Integer.toString(number)));
  }

  private static void together(int threads, Runnable work)
      throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        running.add(pool.submit(work));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  /** Hears how long a call took. */
  private interface TimeTaken {
    void nanos(long nanos);
  }

  /** Hears of the ends of tasks. */
  private record Ends(Tally tally) implements Meters {

    @Override
    public void count(String name, long amount, String... tags) {
      if (name.equals("holdfast.tasks.ended")) {
        tally.done(amount);
      }
    }

    @Override
    public void time(String name, Duration duration, String... tags) {}

    @Override
    public void gauge(String name, DoubleSupplier value, String... tags) {}
  }
}
