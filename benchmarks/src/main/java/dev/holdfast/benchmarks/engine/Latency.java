package dev.holdfast.benchmarks.engine;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.Tasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * From the beginning of the call that submits to the beginning of the handler: one task at a time,
 * or {@code rate=} tasks a second in an open loop, where a late submission counts: from {@code
 * threads=} threads, {@code batch=} tasks a call, which are due together. They go through a node
 * that runs nothing, or with {@code local=1} through the worker's own engine.
 */
final class Latency {

  private final Server server;
  private final Arguments arguments;
  private final int warm;
  private final int batch;
  private final AtomicLongArray sent;
  private final AtomicLongArray took;
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger handled = new AtomicInteger();

  Latency(Server server, Arguments arguments) {
    this.server = server;
    this.arguments = arguments;
    this.batch = arguments.number("batch", 1);
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
    int count = rate > 0 ? openLoop(client.tasks(), start, end, rate) : oneByOne(client, end);
    double seconds = (System.nanoTime() - start) / 1e9;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (handled.get() < count && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    bed.end();
    return told(count, seconds);
  }

  private void handle(int number) {
    took.set(number, System.nanoTime() - sent.get(number));
    handled.incrementAndGet();
  }

  private int openLoop(Tasks tasks, long start, long end, int rate) throws Exception {
    AtomicInteger next = new AtomicInteger();
    int threads = arguments.number("threads", 1);
    try (ExecutorService submitters = Executors.newThreadPerTaskExecutor(Thread::new)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        running.add(submitters.submit(() -> submitWhenDue(tasks, next, start, end, rate)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    return submitted.get();
  }

  /** The due time counts: a submission that comes late is latency. */
  private void submitWhenDue(Tasks tasks, AtomicInteger next, long start, long end, int rate) {
    for (int from = next.getAndAdd(batch);
        from + batch <= sent.length() && System.nanoTime() < end;
        from = next.getAndAdd(batch)) {
      long due = start + (long) (from * 1e9 / rate);
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      for (int number = from; number < from + batch; number++) {
        sent.set(number, due);
      }
      submit(tasks, from);
      submitted.addAndGet(batch);
    }
  }

  private void submit(Tasks tasks, int from) {
    if (batch == 1) {
      tasks.submit(Bed.task(from));
    } else {
      tasks.submit(Bed.tasks(from, from + batch));
    }
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

  private String told(int all, double seconds) {
    int from = Math.min(warm, all / 10);
    long[] samples = new long[took.length()];
    int count = 0;
    for (int number = from; number < took.length(); number++) {
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
        all - handled.get(),
        seconds,
        all / seconds,
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
