package dev.holdfast.benchmarks.engine;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** So many tasks are in their handlers at once: what heap they hold beyond an idle engine. */
final class InFlight {

  private final Server server;
  private final Arguments arguments;

  InFlight(Server server, Arguments arguments) {
    this.server = server;
    this.arguments = arguments;
  }

  String run() throws Exception {
    int count = arguments.count();
    Bed bed = new Bed(server, count, arguments.flag("cluster"));
    bed.fill(count);
    server.run("VACUUM ANALYZE", "CHECKPOINT");
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(count);
    CountDownLatch go = new CountDownLatch(1);
    long before = Footprint.liveHeap();
    long start = System.nanoTime();
    bed.worker("worker", number -> {
      inside.incrementAndGet();
      all.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    boolean whole = all.await(arguments.number("maxs", 60), TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    // Their starts have been recorded by then.
    TimeUnit.SECONDS.sleep(whole ? 5 : 0);
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
}
