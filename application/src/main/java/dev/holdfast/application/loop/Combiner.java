package dev.holdfast.application.loop;

import dev.holdfast.domain.port.StorageUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/**
 * Group commit: callers hand in an item each and wait for its answer; one flusher takes whatever
 * has queued up, in one go, while the next batch gathers. An idle combiner adds no delay, a loaded
 * one makes hundreds of items share a transaction. Safe for concurrent use.
 *
 * <p>A batch whose outcome is unknown is flushed again, so items must be recognisable by id, key or
 * fence. Each item waits at most the patience of the combiner; then it fails with the {@link
 * StorageUnavailable}.
 *
 * @param <I> what callers hand in
 * @param <O> what they get back
 */
public final class Combiner<I, O> implements Loop {

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final String name;
  private final Flush<I, O> flush;
  private final ToIntFunction<I> weight;
  private final Bounds bounds;
  private final Meters meters;
  private final BlockingQueue<Item<I, O>> queue;
  private final List<Item<I, O>> batch = new ArrayList<>();
  private volatile Runnable waker = () -> {};
  private volatile boolean closed;

  /** A combiner whose items weigh as {@code weight} says. */
  public Combiner(
      String name, Bounds bounds, ToIntFunction<I> weight, Flush<I, O> flush, Meters meters) {
    this.name = name;
    this.bounds = bounds;
    this.weight = weight;
    this.flush = flush;
    this.meters = meters;
    this.queue = new ArrayBlockingQueue<>(bounds.capacity());
    meters.gauge("holdfast.combiner.queued", queue::size, "combiner", name);
  }

  /**
   * Hands in an item.
   *
   * @return where its answer will be; empty when the queue is full or the combiner is closed
   */
  public Optional<CompletableFuture<O>> offer(I item) {
    Item<I, O> waiting = new Item<>(item, new CompletableFuture<>(), System.nanoTime());
    if (closed || !queue.offer(waiting)) {
      meters.count("holdfast.combiner.refused", 1, "combiner", name);
      return Optional.empty();
    }
    waker.run();
    return Optional.of(waiting.answer);
  }

  /**
   * Hands in an item, waiting for room: back-pressure for those who must not lose it.
   *
   * @throws InterruptedException if the caller is interrupted while it waits
   */
  public CompletableFuture<O> put(I item) throws InterruptedException {
    Item<I, O> waiting = new Item<>(item, new CompletableFuture<>(), System.nanoTime());
    queue.put(waiting);
    waker.run();
    return waiting.answer;
  }

  /** Refuses further items; what has queued up is still flushed by further ticks. */
  public void close() {
    closed = true;
  }

  /**
   * Waits until nothing waits for an answer.
   *
   * @return false if the patience was over first
   */
  public boolean awaitIdle(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (batch) {
      while (!queue.isEmpty() || !batch.isEmpty()) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          return false;
        }
        batch.wait(millis);
      }
      return true;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  @Override
  public Duration tick() {
    synchronized (batch) {
      fill();
      if (batch.isEmpty()) {
        return IDLE;
      }
      try {
        flush();
      } catch (StorageUnavailable e) {
        failImpatient(e);
        throw e;
      } finally {
        batch.notifyAll();
      }
      return queue.isEmpty() ? IDLE : Duration.ZERO;
    }
  }

  private void fill() {
    int total = batch.stream().mapToInt(item -> weight.applyAsInt(item.value)).sum();
    while (total < bounds.maxWeight()) {
      Item<I, O> next = queue.poll();
      if (next == null) {
        return;
      }
      batch.add(next);
      total += weight.applyAsInt(next.value);
    }
  }

  private void flush() {
    long begin = System.nanoTime();
    List<Item<I, O>> flushed = List.copyOf(batch);
    try {
      List<Optional<O>> answers = flush.flush(flushed.stream().map(Item::value).toList());
      batch.clear();
      for (int i = 0; i < flushed.size(); i++) {
        Item<I, O> item = flushed.get(i);
        answers.get(i).ifPresentOrElse(item.answer::complete, () -> batch.add(item));
      }
    } catch (StorageUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      // Not the storage's fault: the same batch would fail for ever. Alone, only the guilty fail.
      flushAlone(flushed, e);
    }
    meters.count("holdfast.combiner.items", flushed.size(), "combiner", name);
    meters.time(
        "holdfast.combiner.flush", Duration.ofNanos(System.nanoTime() - begin), "combiner", name);
  }

  private void flushAlone(List<Item<I, O>> flushed, RuntimeException cause) {
    batch.clear();
    if (flushed.size() == 1) {
      flushed.get(0).answer.completeExceptionally(cause);
      return;
    }
    for (Item<I, O> item : flushed) {
      try {
        Optional<O> answer = flush.flush(List.of(item.value)).get(0);
        answer.ifPresentOrElse(item.answer::complete, () -> batch.add(item));
      } catch (StorageUnavailable e) {
        batch.add(item);
      } catch (RuntimeException e) {
        item.answer.completeExceptionally(e);
      }
    }
  }

  private void failImpatient(StorageUnavailable failure) {
    long now = System.nanoTime();
    batch.removeIf(item -> {
      boolean isOver = now - item.since >= bounds.patience().toNanos();
      if (isOver) {
        item.answer.completeExceptionally(failure);
      }
      return isOver;
    });
  }

  /**
   * The limits of a combiner.
   *
   * @param capacity how many items may queue up
   * @param maxWeight a batch takes no further item once it weighs this
   * @param patience how long an item is tried
   */
  public record Bounds(int capacity, int maxWeight, Duration patience) {}

  /** Carries a batch out in one transaction. */
  @FunctionalInterface
  public interface Flush<I, O> {

    /**
     * Carries the items out.
     *
     * @return an answer for each, in their order; an empty one puts the item into the next batch
     */
    List<Optional<O>> flush(List<I> items);
  }

  private record Item<I, O>(I value, CompletableFuture<O> answer, long since) {}
}
