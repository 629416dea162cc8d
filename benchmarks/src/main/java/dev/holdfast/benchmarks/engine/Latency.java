package dev.holdfast.benchmarks.engine;

import dev.holdfast.application.engine.Engine;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * From the beginning of the call that submits to the beginning of the handler: one task at a time,
 * or {@code rate=} tasks a second in an open loop, where a late submission counts. They go through
 * a node that runs nothing, or with {@code local=1} through the worker's own engine.
 */
final class Latency {

  private final Server server;
  private final Arguments arguments;
  private final int warm;
  private final AtomicLongArray sent;
  private final AtomicLongArray took;
  private final AtomicInteger handled = new AtomicInteger();

  Latency(Server server, Arguments arguments) {
    this.server = server;
    this.arguments = arguments;
    this.warm = Math.max(5, Math.min(arguments.count() / 10, 200));
    this.sent = new AtomicLongArray(arguments.count() + warm);
    this.took = new AtomicLongArray(arguments.count() + warm);
  }

  String run() throws Exception {
    boolean local = arguments.flag("local");
    Bed bed = new Bed(server, arguments.number("slots", 32), !local || arguments.flag("cluster"));
    Engine worker = bed.worker("worker", this::handle);
    Engine client = local ? worker : bed.client("client");
    TimeUnit.SECONDS.sleep(2);
    int rate = arguments.number("rate", 0);
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(arguments.number("maxs", 30));
    int submitted = rate > 0 ? openLoop(client, start, end, rate) : oneByOne(client, end);
    double seconds = (System.nanoTime() - start) / 1e9;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (handled.get() < submitted && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return told(submitted, seconds);
  }

  private void handle(int number) {
    took.set(number, System.nanoTime() - sent.get(number));
    handled.incrementAndGet();
  }

  /** The due time counts: a submission that comes late is latency. */
  private int openLoop(Engine client, long start, long end, int rate) {
    int number = 0;
    for (; number < sent.length() && System.nanoTime() < end; number++) {
      long due = start + (long) (number * 1e9 / rate);
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      sent.set(number, due);
      client.tasks().submit(Bed.task(number));
    }
    return number;
  }

  private int oneByOne(Engine client, long end) throws InterruptedException {
    int number = 0;
    for (; number < sent.length() && System.nanoTime() < end; number++) {
      TimeUnit.MILLISECONDS.sleep(5 + ThreadLocalRandom.current().nextInt(20));
      sent.set(number, System.nanoTime());
      client.tasks().submit(Bed.task(number));
      while (handled.get() <= number && System.nanoTime() < end) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }
    return number;
  }

  private String told(int submitted, double seconds) {
    int from = Math.min(warm, submitted / 10);
    long[] samples = new long[submitted - from];
    int count = 0;
    for (int number = from; number < submitted; number++) {
      if (took.get(number) > 0) {
        samples[count++] = took.get(number);
      }
    }
    samples = Arrays.copyOf(samples, count);
    Arrays.sort(samples);
    return String.format(
        Locale.ROOT,
        "\"samples\":%d,\"missing\":%d,\"seconds\":%.1f,\"per_s\":%.0f,\"p50_ms\":%.2f,"
            + "\"p95_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f",
        count,
        submitted - from - count,
        seconds,
        submitted / seconds,
        quantile(samples, 0.5),
        quantile(samples, 0.95),
        quantile(samples, 0.99),
        quantile(samples, 1));
  }

  private static double quantile(long[] sorted, double share) {
    if (sorted.length == 0) {
      return -1;
    }
    int index = (int) Math.max(0, Math.ceil(share * sorted.length) - 1);
    return sorted[Math.min(sorted.length - 1, index)] / 1e6;
  }
}
