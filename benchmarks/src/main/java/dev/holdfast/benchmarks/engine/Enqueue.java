package dev.holdfast.benchmarks.engine;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.Tasks;
import dev.holdfast.postgres.PostgresCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** One call per task, or the bulk call with {@code batch=}, from {@code threads=} threads. */
final class Enqueue {

  private final Server server;
  private final Arguments arguments;
  private final int batch;

  Enqueue(Server server, Arguments arguments) {
    this.server = server;
    this.arguments = arguments;
    this.batch = arguments.number("batch", 1);
  }

  String run() throws Exception {
    Bed bed = new Bed(server, 0, arguments.flag("cluster"));
    Engine engine = bed.client("client");
    int count = arguments.count();
    enqueue(engine.tasks(), new AtomicInteger(), Math.min(count / 10, 1000));
    server.run("CHECKPOINT");
    PostgresCounts before = server.counts();
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < arguments.number("threads", 1); thread++) {
        running.add(threads.submit(() -> enqueue(engine.tasks(), next, count)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    PostgresCounts cost = server.counts().since(before);
    bed.end();
    return String.format(
        Locale.ROOT,
        "\"seconds\":%.2f,\"per_s\":%.0f,\"calls_per_job\":%.4f,\"wal_per_job\":%.0f",
        seconds,
        count / seconds,
        Drain.statements(cost) / count,
        (double) cost.walBytes() / count);
  }

  private void enqueue(Tasks tasks, AtomicInteger next, int end) {
    for (int from = next.getAndAdd(batch); from < end; from = next.getAndAdd(batch)) {
      if (batch == 1) {
        tasks.submit(Bed.task(from));
      } else {
        tasks.submit(Bed.tasks(from, from + batch));
      }
    }
  }
}
