package dev.holdfast.benchmarks;

import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What the combiner itself costs: callers wait for an answer that takes no time to make. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class CombinerBenchmark {

  private final LongAdder flushes = new LongAdder();
  private final LoopThreads threads =
      new LoopThreads("bench", Meters.NONE, RandomGenerator.getDefault());
  private final Combiner<Integer, Integer> combiner = new Combiner<>(
      "bench",
      new Combiner.Bounds(10_000, 1000, Duration.ofSeconds(10)),
      item -> 1,
      this::flush,
      Meters.NONE);

  private List<Optional<Integer>> flush(List<Integer> items) {
    flushes.increment();
    return items.stream().map(Optional::of).toList();
  }

  /** How many flushes a second the operations of one iteration cost. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Shared {

    private long before;

    /** Flushes of all threads together, seen by this one. */
    public long flushes;

    /** Begins to count. */
    @Setup(Level.Iteration)
    public void begin(CombinerBenchmark benchmark) {
      before = benchmark.flushes.sum();
    }

    /** Ends to count; JMH adds the threads up, so each tells its share. */
    @TearDown(Level.Iteration)
    public void end(CombinerBenchmark benchmark, org.openjdk.jmh.infra.ThreadParams threadParams) {
      flushes = (benchmark.flushes.sum() - before) / threadParams.getThreadCount();
    }
  }

  /** Begins to drive the combiner. */
  @Setup
  public void start() {
    threads.start(combiner);
  }

  /** Ends its thread. */
  @TearDown
  public void stop() {
    threads.halt();
  }

  /** One caller: what a submit waits for beside the transaction. */
  @Benchmark
  @Threads(1)
  public int alone(Shared shared) {
    return combiner.offer(1).orElseThrow().join();
  }

  /** Many callers, who share flushes. */
  @Benchmark
  @Threads(64)
  public int crowded(Shared shared) {
    return combiner.offer(1).orElseThrow().join();
  }
}
