package dev.holdfast.application.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
public final class LoopThreads implements Host {

  /** The pause after the first failure in a row. */
  public static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** The longest pause after failures. */
  public static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(LoopThreads.class);
  private static final String AGE = "holdfast.loop.age.seconds";
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

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public synchronized void start(Loop loop) {
    Driver driver = new Driver(loop);
    drivers.add(driver);
    loop.wakeBy(driver::wake);
    meters.gauge(AGE, driver::ageSeconds, "loop", loop.name());
    driver.thread.start();
  }

  /** Each piece of work has a virtual thread of its own. */
  @Override
  public void fork(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }

  @Override
  public synchronized List<Pulse> pulses() {
    return drivers.stream().map(Driver::pulse).toList();
  }

  @Override
  public boolean stop(List<Loop> loops, Duration patience) {
    List<Driver> stopping =
        loops.stream().map(this::driverOf).filter(Objects::nonNull).toList();
    stopping.forEach(Driver::askToStop);
    long end = System.nanoTime() + patience.toNanos();
    boolean isQuiet = true;
    for (Driver driver : stopping) {
      isQuiet &= driver.hasEndedBy(end);
      remove(driver);
    }
    return isQuiet;
  }

  /** A loop that has ended has no age; that of one which took its place by now stays. */
  private synchronized void remove(Driver driver) {
    drivers.remove(driver);
    String name = driver.loop.name();
    if (drivers.stream().noneMatch(other -> other.loop.name().equals(name))) {
      meters.forget(AGE, "loop", name);
    }
  }

  @Override
  public synchronized void halt() {
    drivers.forEach(Driver::halt);
  }

  private synchronized @Nullable Driver driverOf(Loop loop) {
    return drivers.stream()
        .filter(driver -> driver.loop.equals(loop))
        .findFirst()
        .orElse(null);
  }

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

    void askToStop() {
      stopping.countDown();
      wake();
    }

    boolean hasEndedBy(long endNanos) {
      try {
        if (thread.join(Duration.ofNanos(Math.max(1, endNanos - System.nanoTime())))) {
          return true;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      thread.interrupt();
      return false;
    }

    void halt() {
      stopping.countDown();
      thread.interrupt();
    }
  }
}
