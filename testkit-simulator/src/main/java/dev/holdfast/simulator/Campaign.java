package dev.holdfast.simulator;

import dev.holdfast.simulator.fault.FaultKind;
import dev.holdfast.simulator.node.Bend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Many seeds, each a history of its own, over the threads of the machine. */
public final class Campaign {

  private final Supplier<Bend> bends;
  private final AtomicReference<@Nullable History> failed = new AtomicReference<>();
  private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
  private long histories;
  private long steps;
  private long tasks;

  /** A campaign in which every history has the rules bent like this. */
  public Campaign(Supplier<Bend> bends) {
    this.bends = bends;
  }

  /**
   * What a campaign saw.
   *
   * @param failed the first history with a broken promise; null when there was none
   * @param took by the clock on the wall
   */
  public record Result(
      long histories,
      long steps,
      long tasks,
      Map<FaultKind, Long> faults,
      Duration took,
      @Nullable History failed) {

    /** All faults together. */
    public long allFaults() {
      return faults.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Runs the seeds from {@code first} on, until one fails or {@code most} is over. */
  public Result run(long first, long seeds, Duration most) throws InterruptedException {
    long begin = System.nanoTime();
    AtomicLong next = new AtomicLong(first);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(Thread.ofPlatform().name("simulate-" + i).start(() -> {
        while (failed.get() == null && System.nanoTime() - begin < most.toNanos()) {
          long seed = next.getAndIncrement();
          if (seed >= first + seeds) {
            return;
          }
          add(history(seed));
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new Result(histories, steps, tasks, faults, took, failed.get());
  }

  private History history(long seed) {
    try {
      return new Simulation(seed, bends.get(), false).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (RuntimeException | Error e) {
      return new History(seed, 0, Duration.ZERO, Map.of(), 0, 0, "the simulator: " + e, "");
    }
  }

  private synchronized void add(History history) {
    histories++;
    steps += history.steps();
    tasks += history.tasks();
    history.faults().forEach((kind, count) -> faults.merge(kind, (long) count, Long::sum));
    History before = failed.get();
    if (history.broken() != null && (before == null || history.seed() < before.seed())) {
      failed.set(history);
    }
  }
}
