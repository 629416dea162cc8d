package dev.holdfast.simulator.node;

import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.simulator.time.Actor;
import dev.holdfast.simulator.time.Event;
import dev.holdfast.simulator.time.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A process on the timeline: its loops and handlers are events, its clock may be a little off. */
final class VirtualHost implements Host {

  private static final Set<String> DUTIES = Set.of("reclaim", "promote", "expire", "dependants");
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final long MOST_LATENCY = 3_000_000L;
  private static final long SLICE = 20_000_000L;

  private final Timeline timeline;
  private final Actor process;
  private final RandomGenerator random;
  private final double rate;
  private final Supplier<@Nullable Long> term;
  private final List<Driver> drivers = new ArrayList<>();

  /**
   * A host of a process.
   *
   * @param rate how fast its monotonic clock goes, 1 for exactly
   * @param term the last term that the process has won
   */
  VirtualHost(
      Timeline timeline,
      Actor process,
      RandomGenerator random,
      double rate,
      Supplier<@Nullable Long> term) {
    this.timeline = timeline;
    this.process = process;
    this.random = random;
    this.rate = rate;
    this.term = term;
  }

  @Override
  public long nanos() {
    // Behind zero, since nobody may take an instant that has not come for one.
    return 1_000_000_000_000L + (long) (timeline.now() * rate);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  /** How long it takes until a thread runs that has something to do. */
  long latency() {
    return random.nextLong(MOST_LATENCY);
  }

  Event plan(long delay, Driver driver, Runnable action) {
    return timeline.after(delay, process, driver, action);
  }

  @Override
  public void start(Loop loop) {
    Driver driver = new Driver(this, loop, DUTIES.contains(loop.name()) ? term.get() : null);
    drivers.add(driver);
    driver.start();
  }

  /** What is stopped while it pauses cannot end before its pause is over, as with threads. */
  @Override
  public boolean stop(List<Loop> loops, Duration patience) {
    List<Driver> stopping =
        drivers.stream().filter(driver -> loops.contains(driver.loop())).toList();
    stopping.forEach(Driver::askToStop);
    drivers.removeAll(stopping);
    if (stopping.stream().noneMatch(Driver::isBusy)) {
      return true;
    }
    Object self = timeline.tag();
    long end = timeline.now() + patience.toNanos();
    // The caller may hold a lock: nobody else of this process may come to want it.
    timeline.gated(
        process,
        tag -> Objects.equals(tag, self) || (tag instanceof Driver one && stopping.contains(one)),
        () -> awaitQuiet(stopping, end));
    return stopping.stream().noneMatch(Driver::isBusy);
  }

  private void awaitQuiet(List<Driver> stopping, long end) {
    while (stopping.stream().anyMatch(Driver::isBusy) && timeline.now() < end) {
      timeline.pause(SLICE);
    }
  }

  @Override
  public void halt() {
    drivers.forEach(Driver::askToStop);
  }

  @Override
  public List<Pulse> pulses() {
    return drivers.stream().map(Driver::pulse).toList();
  }

  @Override
  public void fork(String name, Runnable work) {
    timeline.after(latency(), process, name, work);
  }

  @Override
  public <T> T await(CompletableFuture<T> answer) throws InterruptedException, ExecutionException {
    while (true) {
      try {
        return await(answer, A_DAY);
      } catch (TimeoutException e) {
        // A whole day of virtual time: on to the next.
      }
    }
  }

  @Override
  public <T> T await(CompletableFuture<T> answer, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!answer.isDone()) {
      timeline.pause(patience.toNanos(), wake -> {
        var unused = answer.whenComplete((it, failure) -> wake.run());
      });
      if (Thread.interrupted()) {
        throw new InterruptedException("while it waited");
      }
    }
    return answer.get(0, TimeUnit.NANOSECONDS);
  }

  /** The driver that runs now; null when something else does. */
  @Nullable
  Driver running() {
    return timeline.tag() instanceof Driver driver ? driver : null;
  }
}
