package dev.holdfast.benchmarks.engine;

import dev.holdfast.application.engine.Engine;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many tasks are in their handlers at once: what heap they hold beyond an idle engine that has
 * run some before.
 */
final class InFlight {

  private final Server server;
  private final Arguments arguments;

  InFlight(Server server, Arguments arguments) {
    this.server = server;
    this.arguments = arguments;
  }

  String run() throws Exception {
    int count = arguments.count();
    int warm = arguments.number("warm", 2000);
    Bed bed = new Bed(server, count, arguments.flag("cluster"));
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch warmed = new CountDownLatch(warm);
    CountDownLatch all = new CountDownLatch(count);
    Engine worker = bed.worker("worker", number -> {
      boolean isWarmUp = number >= count;
      inside.addAndGet(isWarmUp ? 0 : 1);
      (isWarmUp ? warmed : all).countDown();
      sleep(isWarmUp ? 100 : TimeUnit.HOURS.toMillis(1));
    });
    // A stack takes twice the room until the JVM has compiled what waits on it.
    submit(worker, count, count + warm);
    warmed.await();
    TimeUnit.SECONDS.sleep(2);
    long before = Footprint.liveHeap();
    long start = System.nanoTime();
    submit(worker, 0, count);
    boolean whole = all.await(arguments.number("maxs", 60), TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    // Their starts have been recorded by then.
    TimeUnit.SECONDS.sleep(whole ? 10 : 0);
    long after = Footprint.liveHeap();
    return String.format(
        Locale.ROOT,
        "\"inflight\":%d,\"seconds\":%.1f,\"heap_mb\":%.1f,\"heap_per_job\":%.0f,\"threads\":%d,"
            + "\"per_s\":%.0f",
        inside.get(),
        seconds,
        (after - before) / 1e6,
        (after - before) / (double) inside.get(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        inside.get() / seconds);
  }

  private static void submit(Engine engine, int from, int to) {
    for (int first = from; first < to; first += 1000) {
      engine.tasks().submit(Bed.tasks(first, Math.min(to, first + 1000)));
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
