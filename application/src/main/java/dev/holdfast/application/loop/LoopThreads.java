package dev.holdfast.application.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns every thread of the engine: one platform thread a loop, one virtual thread a busy slot. A
 * loop that throws is logged (throttled) and tried again after a pause that doubles from {@link
 * #FIRST_PAUSE} to {@link #LONGEST_PAUSE}, with jitter; no wake-up cuts that pause short. Safe for
 * concurrent use.
 */
public final class LoopThreads {

  /** The pause after the first failure in a row. */
  public static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** The longest pause after failures. */
  public static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(LoopThreads.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String node;
  private final Meters meters;
  private final RandomGenerator random;
  private final List<Driver> drivers = new ArrayList<>();

  /** Threads for a node; its name is in theirs. */
  public LoopThreads(String node, Meters meters, RandomGenerator random) {
    this.node = node;
    this.meters = meters;
    this.random = random;
  }

  /** Begins to drive a loop. */
  public synchronized void start(Loop loop) {
    Driver driver = new Driver(loop);
    drivers.add(driver);
    loop.wakeBy(driver::wake);
    meters.gauge("holdfast.loop.age.seconds", driver::ageSeconds, "loop", loop.name());
    driver.thread.start();
  }

  /** Runs one piece of handler work on a virtual thread. */
  public static Thread handlerThread(String name, Runnable work) {
    return Thread.ofVirtual().name(name).start(work);
  }

  /** How each loop is: its name, the seconds since it last ended a tick well, its last failure. */
  public synchronized List<Pulse> pulses() {
    return drivers.stream().map(Driver::pulse).toList();
  }

  /**
   * Stops one loop after the tick it is in, and waits for it.
   *
   * @return whether it ended in time; its thread is interrupted otherwise
   */
  public boolean stop(Loop loop, Duration patience) throws InterruptedException {
    Driver driver = driverOf(loop);
    return driver == null || driver.stop(patience);
  }

  /** Stops every loop and waits for none; their threads are interrupted. */
  public synchronized void halt() {
    drivers.forEach(Driver::halt);
  }

  private synchronized @Nullable Driver driverOf(Loop loop) {
    return drivers.stream()
        .filter(driver -> driver.loop.equals(loop))
        .findFirst()
        .orElse(null);
  }

  /** How a loop is. */
  public record Pulse(
      String loop, boolean isDriven, double ageSeconds, int failuresInRow, String lastFailure) {}

  private final class Driver {

    private final Loop loop;
    private final Thread thread;
    private final Semaphore wakes = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile long lastGoodNanos = System.nanoTime();
    private final AtomicInteger failuresInRow = new AtomicInteger();
    private volatile String lastFailure = "";
    private long lastLoggedNanos = System.nanoTime() - LOG_EVERY_NANOS;

    Driver(Loop loop) {
      this.loop = loop;
      this.thread = Thread.ofPlatform()
          .daemon()
          .name("holdfast-" + node + "-" + loop.name())
          .unstarted(this::drive);
    }

    void wake() {
      if (wakes.availablePermits() == 0) {
        wakes.release();
      }
    }

    private boolean isStopping() {
      return stopping.getCount() == 0;
    }

    private void drive() {
      while (!isStopping()) {
        try {
          tick();
        } catch (InterruptedException | RuntimeException | Error e) {
          // Only a stop ends the loop: no interrupt that was left behind, no failure of the log.
        }
      }
    }

    // A loop must outlive every error, an OutOfMemoryError in a handler's wake included.
    private void tick() throws InterruptedException {
      Duration pause;
      try {
        pause = loop.tick();
      } catch (Exception | Error e) {
        int inRow = failuresInRow.incrementAndGet();
        try {
          report(e, inRow);
        } finally {
          // Wake-ups wait: callers by the thousand must not hurry a storage that is down.
          boolean ignored = stopping.await(backOff(inRow), TimeUnit.NANOSECONDS);
        }
        return;
      }
      lastGoodNanos = System.nanoTime();
      failuresInRow.set(0);
      boolean ignored = wakes.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
      wakes.drainPermits();
    }

    private void report(Throwable failure, int inRow) {
      lastFailure = failure.toString();
      meters.count("holdfast.loop.failures", 1, "loop", loop.name());
      long now = System.nanoTime();
      if (now - lastLoggedNanos >= LOG_EVERY_NANOS && !isStopping()) {
        lastLoggedNanos = now;
        LOG.atWarn()
            .addKeyValue("loop", loop.name())
            .addKeyValue("node", node)
            .addKeyValue("failuresInRow", inRow)
            .setCause(failure)
            .log("a loop failed and goes on after a pause");
      }
    }

    private long backOff(int inRow) {
      long full = FIRST_PAUSE.toNanos() << Math.min(inRow - 1, 10);
      long bounded = Math.min(full, LONGEST_PAUSE.toNanos());
      return bounded / 2 + random.nextLong(bounded / 2 + 1);
    }

    double ageSeconds() {
      return (System.nanoTime() - lastGoodNanos) / 1e9;
    }

    Pulse pulse() {
      boolean isDriven = isStopping() || thread.isAlive();
      return new Pulse(loop.name(), isDriven, ageSeconds(), failuresInRow.get(), lastFailure);
    }

    boolean stop(Duration patience) throws InterruptedException {
      stopping.countDown();
      wake();
      if (!thread.join(patience)) {
        thread.interrupt();
        return false;
      }
      return true;
    }

    void halt() {
      stopping.countDown();
      thread.interrupt();
    }
  }
}
