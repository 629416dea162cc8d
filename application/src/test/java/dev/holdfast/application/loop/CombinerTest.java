package dev.holdfast.application.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.testing.Await;
import dev.holdfast.domain.port.StorageUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CombinerTest {

  private static final Host HOST = new LoopThreads("test", Meters.NONE, new SplittableRandom(1));

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<List<String>> flushes = new ArrayList<>();
  private Function<List<String>, List<Optional<String>>> behaviour = CombinerTest::answers;
  private final Combiner<String, String> combiner = combiner(100, 50, Duration.ofHours(1));

  private Combiner<String, String> combiner(int capacity, int maxWeight, Duration patience) {
    return new Combiner<>(
        "test",
        new Combiner.Bounds(capacity, maxWeight, patience),
        String::length,
        items -> {
          flushes.add(items);
          return behaviour.apply(items);
        },
        Meters.NONE);
  }

  private static List<Optional<String>> answers(List<String> items) {
    return items.stream().map(item -> Optional.of("done " + item)).toList();
  }

  private static StorageUnavailable gone() {
    return new StorageUnavailable("gone", new IllegalStateException());
  }

  private CompletableFuture<String> offer(String item) {
    return combiner.offer(item).orElseThrow();
  }

  private void handIn(String item) {
    assertThat(combiner.offer(item)).isPresent();
  }

  @Test
  void tick_of_an_idle_combiner_flushes_nothing() {
    assertThat(combiner.tick()).isPositive();

    assertThat(flushes).isEmpty();
  }

  @Test
  void tick_flushes_a_single_item_at_once_and_wakes_the_loop_for_it() {
    AtomicInteger wakes = new AtomicInteger();
    combiner.wakeBy(wakes::incrementAndGet);

    CompletableFuture<String> answer = offer("a");
    assertThat(wakes).hasValue(1);
    combiner.tick();

    assertThat(answer).isCompletedWithValue("done a");
    assertThat(flushes).containsExactly(List.of("a"));
  }

  @Test
  void tick_flushes_together_what_has_queued_up() {
    List<CompletableFuture<String>> all = List.of(offer("a"), offer("b"), offer("c"));

    assertThat(combiner.tick()).isPositive();

    assertThat(flushes).containsExactly(List.of("a", "b", "c"));
    assertThat(all)
        .extracting(CompletableFuture::join)
        .containsExactly("done a", "done b", "done c");
  }

  @Test
  void tick_takes_no_further_item_once_the_batch_is_heavy_and_asks_for_the_next_tick() {
    handIn("x".repeat(30));
    handIn("y".repeat(30));
    handIn("z");

    assertThat(combiner.tick()).isZero();
    assertThat(flushes.get(0)).hasSize(2);

    assertThat(combiner.tick()).isPositive();
    assertThat(flushes.get(1)).containsExactly("z");
  }

  @Test
  void offer_answers_nothing_when_the_queue_is_full() {
    Combiner<String, String> small = combiner(2, 50, PATIENCE);

    assertThat(small.offer("a")).isPresent();
    assertThat(small.offer("b")).isPresent();
    assertThat(small.offer("c")).isEmpty();

    small.tick();
    assertThat(small.offer("d")).isPresent();
  }

  @Test
  void an_unknown_outcome_is_flushed_again_with_what_has_come_meanwhile() {
    CompletableFuture<String> first = offer("a");
    behaviour = items -> {
      throw gone();
    };
    assertThatThrownBy(combiner::tick).isInstanceOf(StorageUnavailable.class);
    assertThat(first).isNotDone();

    behaviour = CombinerTest::answers;
    handIn("b");
    combiner.tick();

    assertThat(flushes).containsExactly(List.of("a"), List.of("a", "b"));
    assertThat(first).isCompletedWithValue("done a");
  }

  @Test
  void an_item_fails_with_the_outage_once_its_patience_is_over() {
    Combiner<String, String> hasty = combiner(10, 50, Duration.ZERO);
    CompletableFuture<String> answer = hasty.offer("a").orElseThrow();
    behaviour = items -> {
      throw gone();
    };

    assertThatThrownBy(hasty::tick).isInstanceOf(StorageUnavailable.class);

    assertThatThrownBy(answer::join).hasCauseInstanceOf(StorageUnavailable.class);
    assertThat(hasty.tick()).as("nothing is left to try").isPositive();
  }

  @Test
  void a_poisonous_item_fails_alone() {
    behaviour = items -> {
      if (items.contains("poison")) {
        throw new IllegalArgumentException("bad");
      }
      return answers(items);
    };
    List<CompletableFuture<String>> good = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      good.add(offer("" + i));
    }
    CompletableFuture<String> bad = offer("poison");

    combiner.tick();

    assertThat(good).allMatch(answer -> !answer.isCompletedExceptionally() && answer.isDone());
    assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(flushes.size()).as("halved, not sent one by one").isLessThan(12);
  }

  @Test
  void an_outage_while_the_poison_is_sought_keeps_what_is_left() {
    handIn("a");
    CompletableFuture<String> poison = offer("poison");
    CompletableFuture<String> last = offer("b");
    AtomicInteger calls = new AtomicInteger();
    behaviour = items -> {
      if (calls.incrementAndGet() == 2) {
        throw gone();
      }
      if (items.contains("poison")) {
        throw new IllegalArgumentException("bad");
      }
      return answers(items);
    };

    assertThatThrownBy(combiner::tick).isInstanceOf(StorageUnavailable.class);
    assertThat(last).isNotDone();
    combiner.tick();

    assertThat(last).isCompletedWithValue("done b");
    assertThat(poison).isCompletedExceptionally();
  }

  @Test
  void an_error_of_the_machine_is_tried_again_and_stops_nobody_else() {
    CompletableFuture<String> good = offer("good");
    CompletableFuture<String> unlucky = offer("unlucky");
    behaviour = items -> {
      if (items.contains("unlucky")) {
        throw new StackOverflowError();
      }
      return answers(items);
    };

    assertThatThrownBy(combiner::tick).isInstanceOf(StackOverflowError.class);
    assertThat(good).isCompletedWithValue("done good");
    assertThat(unlucky).isNotDone();

    behaviour = CombinerTest::answers;
    combiner.tick();
    assertThat(unlucky).isCompletedWithValue("done unlucky");
  }

  @Test
  void an_error_that_lasts_reaches_the_caller_when_the_patience_is_over() {
    Combiner<String, String> hasty = combiner(10, 50, Duration.ZERO);
    CompletableFuture<String> answer = hasty.offer("a").orElseThrow();
    behaviour = items -> {
      throw new StackOverflowError();
    };

    assertThatThrownBy(hasty::tick).isInstanceOf(StackOverflowError.class);

    assertThatThrownBy(answer::join).hasCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void an_item_without_an_answer_goes_into_the_next_batch_at_once() {
    CompletableFuture<String> first = offer("a");
    CompletableFuture<String> second = offer("b");
    behaviour = items -> items.equals(List.of("a", "b"))
        ? List.of(Optional.of("done a"), Optional.empty())
        : answers(items);

    assertThat(combiner.tick()).as("the next tick is due now").isZero();
    assertThat(first).isDone();
    assertThat(second).isNotDone();

    assertThat(combiner.tick()).isPositive();
    assertThat(second).isCompletedWithValue("done b");
  }

  @Test
  void close_refuses_offers_and_flushes_what_was_there() throws Exception {
    CompletableFuture<String> before = offer("a");

    combiner.close();

    assertThat(combiner.offer("b")).isEmpty();
    assertThat(combiner.awaitIdle(HOST, Duration.ZERO)).isFalse();
    combiner.tick();
    assertThat(before).isDone();
    assertThat(combiner.awaitIdle(HOST, Duration.ZERO)).isTrue();
  }

  @Test
  void awaitIdle_ends_with_the_last_answer_and_keeps_its_patience_during_a_flush()
      throws Exception {
    CountDownLatch flushing = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    behaviour = items -> {
      flushing.countDown();
      await(release);
      return answers(items);
    };
    handIn("a");
    Thread flusher = Thread.ofVirtual().start(combiner::tick);
    flushing.await();

    assertThat(combiner.awaitIdle(HOST, Duration.ofMillis(1))).isFalse();
    release.countDown();

    assertThat(combiner.awaitIdle(HOST, PATIENCE)).isTrue();
    flusher.join();
  }

  @Test
  void put_waits_for_room_and_keeps_an_interrupt_for_its_caller() throws Exception {
    Combiner<String, String> small = combiner(1, 50, PATIENCE);
    small.offer("a");
    CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread putter = Thread.ofPlatform().start(() -> {
      var unused = small.put("b").thenAccept(answer::complete);
      wasInterrupted.complete(Thread.currentThread().isInterrupted());
    });
    Await.until(() -> putter.getState() == Thread.State.WAITING);
    putter.interrupt();

    small.tick();
    assertThat(wasInterrupted.get()).isTrue();
    small.tick();

    assertThat(answer.get()).isEqualTo("done b");
  }

  @Test
  void abandon_fails_everything_that_waits_and_whatever_comes() {
    CompletableFuture<String> queued = offer("a");
    behaviour = items -> {
      throw gone();
    };
    assertThatThrownBy(combiner::tick).isInstanceOf(StorageUnavailable.class);
    CompletableFuture<String> later = offer("b");

    combiner.abandon();

    for (CompletableFuture<String> one : Set.of(queued, later, combiner.put("c"))) {
      assertThatThrownBy(one::join).hasCauseInstanceOf(StorageUnavailable.class);
    }
    assertThat(combiner.offer("d")).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
