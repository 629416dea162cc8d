package dev.holdfast.application.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.NewTask;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private static final Host THREADS = new LoopThreads("n", Meters.NONE, new SplittableRandom(1));
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Desk desk = new Desk();
  private final LinkedBlockingQueue<Execution> begun = new LinkedBlockingQueue<>();
  private final Semaphore release = new Semaphore(0);
  private final LinkedBlockingQueue<Integer> freeWhenTold = new LinkedBlockingQueue<>();

  private List<Execution> executions(int count) {
    desk.submitAll(Stream.generate(Desk::work).limit(count).toArray(NewTask[]::new));
    return Arrivals.of(
        new Claimed(desk.now(), desk.claim(count)),
        new ClaimClock(desk.now(), 0, System::nanoTime));
  }

  private Slots blocking(int size) {
    Slots[] self = new Slots[1];
    self[0] = new Slots(
        size,
        THREADS,
        execution -> {
          begun.add(execution);
          release.acquireUninterruptibly();
        },
        queued -> freeWhenTold.add(self[0].free()));
    return self[0];
  }

  private Execution awaitBegun() throws InterruptedException {
    Execution next = begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  void no_more_run_at_once_than_there_are_slots_and_the_rest_waits() throws Exception {
    Slots slots = blocking(2);
    slots.accept(executions(5));
    awaitBegun();
    awaitBegun();

    assertThat(slots.busy()).isEqualTo(2);
    assertThat(slots.queued()).isEqualTo(3);
    assertThat(slots.free()).isZero();
    assertThat(slots.executions()).hasSize(5);

    release.release(5);
    for (int i = 0; i < 3; i++) {
      awaitBegun();
    }
    assertThat(slots.awaitIdle(PATIENCE)).isTrue();
    assertThat(slots.free()).isEqualTo(2);
  }

  @Test
  void a_slot_counts_as_free_before_anybody_is_told_that_it_was_left() throws Exception {
    Slots slots = blocking(1);
    release.release(50);
    for (int i = 0; i < 50; i++) {
      slots.accept(executions(1));
      assertThat(freeWhenTold.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void a_run_that_breaks_leaves_its_slot_in_service() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Slots.Attempts broken = execution -> {
      if (runs.incrementAndGet() % 2 == 0) {
        throw new IllegalStateException("broken");
      }
      throw new StackOverflowError();
    };
    Slots slots = new Slots(1, THREADS, broken, queued -> {});

    slots.accept(executions(4));

    assertThat(slots.awaitIdle(PATIENCE)).isTrue();
    assertThat(runs).hasValue(4);
    assertThat(slots.free()).isEqualTo(1);
    assertThat(slots.executions()).isEmpty();
  }

  @Test
  void withdrawQueued_takes_back_exactly_what_has_not_begun() throws Exception {
    Slots slots = blocking(1);
    slots.accept(executions(4));
    Execution first = awaitBegun();

    List<Execution> withdrawn = slots.withdrawQueued();

    assertThat(withdrawn).hasSize(3).doesNotContain(first);
    assertThat(slots.queued()).isZero();
    release.release();
    assertThat(slots.awaitIdle(PATIENCE)).isTrue();
    assertThat(begun).as("nothing else begins").isEmpty();
    assertThat(slots.free()).isEqualTo(1);
  }

  @Test
  void withdrawQueued_and_the_slots_share_the_work_without_loss() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    Slots slots = new Slots(4, THREADS, execution -> ran.incrementAndGet(), queued -> {});
    int withdrawn = 0;
    int accepted = 0;
    for (int i = 0; i < 20; i++) {
      slots.accept(executions(20));
      accepted += 20;
      withdrawn += slots.withdrawQueued().size();
    }

    assertThat(slots.awaitIdle(PATIENCE)).isTrue();
    assertThat(ran.get() + withdrawn).isEqualTo(accepted);
    assertThat(slots.free()).isEqualTo(4);
    assertThat(slots.queued()).isZero();
  }

  @Test
  void close_accepts_nothing_any_more() {
    Slots slots = blocking(1);
    slots.close();

    assertThat(slots.accept(executions(1))).isFalse();

    assertThat(slots.executions()).isEmpty();
  }

  @Test
  void stop_reaches_the_run_by_its_key_only() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Slots slots = new Slots(
        1,
        THREADS,
        execution -> {
          execution.begin();
          begun.add(execution);
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        },
        queued -> {});
    slots.accept(executions(1));
    RunKey key = awaitBegun().key();

    slots.stop(new RunKey(key.task(), key.number() + 1), StopCause.REVOKED);
    assertThat(interrupted.getCount()).isEqualTo(1);
    slots.stop(key, StopCause.CANCEL);

    assertThat(interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
