package dev.holdfast.application.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopThreadsTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final LoopThreads threads = new LoopThreads("n", Meters.NONE, new SplittableRandom(1));

  @AfterEach
  void halt() {
    threads.halt();
  }

  /** Counts its ticks and does what the test says in each. */
  private static final class TestLoop implements Loop {

    private final IntFunction<Duration> behaviour;
    private final AtomicInteger ticks = new AtomicInteger();
    private final LinkedBlockingQueue<Long> begun = new LinkedBlockingQueue<>();
    private volatile Runnable waker = () -> {};

    TestLoop(IntFunction<Duration> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public void wakeBy(Runnable newWaker) {
      waker = newWaker;
    }

    @Override
    public Duration tick() {
      begun.add(System.nanoTime());
      return behaviour.apply(ticks.incrementAndGet());
    }

    long awaitTick() throws InterruptedException {
      Long at = begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(at).as("a tick begins").isNotNull();
      return at;
    }
  }

  private TestLoop start(IntFunction<Duration> behaviour) {
    TestLoop loop = new TestLoop(behaviour);
    threads.start(loop);
    return loop;
  }

  @Test
  void the_age_of_a_loop_is_shown_for_as_long_as_it_is_driven() {
    Set<String> shown = ConcurrentHashMap.newKeySet();
    LoopThreads metered = new LoopThreads("n", new Ages(shown), new SplittableRandom(1));
    TestLoop first = new TestLoop(tick -> LONG);
    TestLoop second = new TestLoop(tick -> LONG);
    metered.start(first);
    metered.start(second);

    metered.stop(List.of(first), PATIENCE);
    assertThat(shown).as("the other one has the same name").containsExactly("test");
    metered.stop(List.of(second), PATIENCE);

    assertThat(shown).isEmpty();
  }

  /** Knows which loops' ages are shown. */
  private record Ages(Set<String> shown) implements Meters {

    @Override
    public void count(String name, long amount, String... tags) {}

    @Override
    public void time(String name, Duration duration, String... tags) {}

    @Override
    public void gauge(String name, DoubleSupplier value, String... tags) {
      assertThat(value.getAsDouble()).isNotNegative();
      shown.add(tags[1]);
    }

    @Override
    public void forget(String name, String... tags) {
      shown.remove(tags[1]);
    }
  }

  @Test
  void start_ticks_at_once_and_again_when_it_is_woken() throws Exception {
    TestLoop loop = start(tick -> LONG);
    loop.awaitTick();

    loop.waker.run();

    loop.awaitTick();
  }

  @Test
  void start_ticks_again_at_once_after_a_pause_of_zero() throws Exception {
    TestLoop loop = start(tick -> tick < 5 ? Duration.ZERO : LONG);

    for (int i = 0; i < 5; i++) {
      loop.awaitTick();
    }
  }

  @Test
  void a_wake_up_during_a_tick_is_not_lost() throws Exception {
    Semaphore go = new Semaphore(0);
    TestLoop loop = start(tick -> {
      go.acquireUninterruptibly();
      return LONG;
    });
    loop.awaitTick();

    loop.waker.run();
    loop.waker.run();
    go.release(2);

    loop.awaitTick();
  }

  @Test
  void a_loop_survives_exceptions_and_errors_and_tells_of_them() throws Exception {
    Semaphore seen = new Semaphore(0);
    CountDownLatch last = new CountDownLatch(1);
    TestLoop loop = start(tick -> {
      if (tick == 1) {
        throw new IllegalStateException("first");
      }
      if (tick == 2) {
        throw new OutOfMemoryError("second");
      }
      seen.release();
      awaitQuietly(last);
      return LONG;
    });
    seen.acquire();

    Host.Pulse failing = threads.pulses().get(0);
    assertThat(failing.loop()).isEqualTo("test");
    assertThat(failing.isDriven()).isTrue();
    assertThat(failing.failuresInRow()).isEqualTo(2);
    assertThat(failing.lastFailure()).contains("second");

    last.countDown();
    Await.until(() -> threads.pulses().get(0).failuresInRow() == 0);
    assertThat(threads.pulses().get(0).ageSeconds()).isBetween(0.0, 20.0);
    assertThat(loop.ticks).hasValue(3);
  }

  @Test
  void the_pause_after_failures_grows_and_no_wake_up_cuts_it_short() throws Exception {
    TestLoop loop = start(tick -> {
      if (tick <= 3) {
        throw new IllegalStateException("failure " + tick);
      }
      return LONG;
    });
    long first = loop.awaitTick();
    loop.waker.run();
    long second = loop.awaitTick();
    loop.waker.run();
    long third = loop.awaitTick();
    long fourth = loop.awaitTick();

    long least = LoopThreads.FIRST_PAUSE.toNanos() / 2;
    assertThat(second - first).isGreaterThanOrEqualTo(least);
    assertThat(third - second).isGreaterThanOrEqualTo(2 * least);
    assertThat(fourth - third).isGreaterThanOrEqualTo(4 * least);
  }

  @Test
  void an_interrupt_that_a_tick_leaves_behind_does_not_end_the_loop() throws Exception {
    TestLoop loop = start(tick -> {
      if (tick == 1) {
        Thread.currentThread().interrupt();
      }
      return LONG;
    });
    loop.awaitTick();

    loop.awaitTick();

    assertThat(threads.pulses().get(0).isDriven()).isTrue();
  }

  @Test
  void stop_waits_for_the_tick_that_is_under_way() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestLoop loop = start(tick -> {
      awaitQuietly(release);
      return LONG;
    });
    loop.awaitTick();
    Thread.ofVirtual().start(release::countDown);

    assertThat(threads.stop(List.of(loop), PATIENCE)).isTrue();

    assertThat(loop.ticks).hasValue(1);
    assertThat(threads.pulses()).as("a stopped loop is no fault").isEmpty();
  }

  @Test
  void stop_ends_the_pause_after_a_failure() throws Exception {
    TestLoop loop = start(tick -> {
      throw new IllegalStateException("always");
    });
    for (int i = 0; i < 3; i++) {
      loop.awaitTick();
    }

    assertThat(threads.stop(List.of(loop), PATIENCE)).isTrue();
  }

  @Test
  void stop_interrupts_a_loop_that_is_stuck() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    TestLoop loop = start(tick -> {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      return LONG;
    });
    loop.awaitTick();

    assertThat(threads.stop(List.of(loop), Duration.ofMillis(1))).isFalse();

    assertThat(interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(threads.stop(List.of(loop), PATIENCE)).as("it ends then").isTrue();
  }

  @Test
  void stop_of_a_loop_that_was_never_started_has_nothing_to_do() throws Exception {
    assertThat(threads.stop(List.of(new TestLoop(tick -> LONG)), Duration.ZERO)).isTrue();
  }

  @Test
  void halt_ends_every_loop_without_waiting() throws Exception {
    TestLoop loop = start(tick -> LONG);
    loop.awaitTick();

    threads.halt();

    assertThat(threads.stop(List.of(loop), PATIENCE)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
