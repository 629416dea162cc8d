package dev.holdfast.application.loop;

import dev.holdfast.domain.port.StorageUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: callers hand in an item each and wait for its answer; one flusher takes whatever
 * has queued up, in one go, while the next batch gathers. An idle combiner adds no delay, a loaded
 * one makes hundreds of items share a transaction. Safe for concurrent use, but for {@link #tick},
 * which belongs to the thread that drives the loop.
 *
 * <p>A batch whose outcome is unknown is flushed again, so items must be recognisable by id, key or
 * fence. Each item is tried for at most the patience of the combiner; then it fails with what came
 * in the way. A batch that fails by itself is halved until the guilty stand alone: only they fail.
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
  private final Set<Item<I, O>> unanswered = ConcurrentHashMap.newKeySet();
  private final List<Item<I, O>> batch = new ArrayList<>();
  private volatile Runnable waker = () -> {};
  private volatile boolean closed;
  private volatile @Nullable StorageUnavailable abandoned;

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
  public Optional<CompletableFuture<O>> offer(I value) {
    Item<I, O> item = new Item<>(value);
    unanswered.add(item);
    // Asked again after the hand-over: whoever closes waits for what it then finds, and no more.
    boolean isIn = !closed && queue.offer(item) && !(closed && queue.remove(item));
    if (!isIn) {
      forget(item);
      meters.count("holdfast.combiner.refused", 1, "combiner", name);
      return Optional.empty();
    }
    waker.run();
    return Optional.of(item);
  }

  /**
   * Hands in an item, waiting for room: back-pressure for those who must not lose it. A closed
   * combiner takes it too. An interrupt does not end the wait; the caller finds it afterwards.
   */
  public CompletableFuture<O> put(I value) {
    Item<I, O> item = new Item<>(value);
    unanswered.add(item);
    boolean isInterrupted = false;
    boolean isIn = false;
    while (!isIn) {
      try {
        queue.put(item);
        isIn = true;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    StorageUnavailable end = abandoned;
    if (end != null) {
      fail(item, end);
    }
    waker.run();
    return item;
  }

  /** Refuses further offers; what has queued up is still flushed by further ticks. */
  public void close() {
    closed = true;
  }

  /**
   * Fails everything that has no answer, since nobody will drive the loop again. Its outcome is
   * unknown.
   */
  public void abandon() {
    StorageUnavailable end =
        new StorageUnavailable(name + " ended first", new IllegalStateException("stopped"));
    closed = true;
    abandoned = end;
    queue.clear();
    unanswered.forEach(item -> fail(item, end));
  }

  /**
   * Waits until nothing waits for an answer.
   *
   * @param host lets the time pass
   * @return false if the patience was over first
   */
  public boolean awaitIdle(Host host, Duration patience) throws InterruptedException {
    long end = host.nanos() + patience.toNanos();
    while (!unanswered.isEmpty()) {
      long left = end - host.nanos();
      if (left <= 0) {
        return false;
      }
      try {
        host.await(answers(), Duration.ofNanos(left));
      } catch (ExecutionException | TimeoutException e) {
        // A failure is an answer too; whether it was the last one is asked above.
        Thread.onSpinWait();
      }
    }
    return true;
  }

  private CompletableFuture<Void> answers() {
    return CompletableFuture.allOf(unanswered.toArray(CompletableFuture<?>[]::new));
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
    fill();
    if (batch.isEmpty()) {
      return IDLE;
    }
    long begin = System.nanoTime();
    int before = batch.size();
    try {
      flush();
    } catch (StorageUnavailable | Error e) {
      failImpatient(e);
      throw e;
    } finally {
      meters.count("holdfast.combiner.items", before - batch.size(), "combiner", name);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      meters.time("holdfast.combiner.flush", took, "combiner", name);
    }
    return queue.isEmpty() && batch.isEmpty() ? IDLE : Duration.ZERO;
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

  /** Leaves in the batch what must be tried again. */
  private void flush() {
    Deque<List<Item<I, O>>> parts = new ArrayDeque<>(List.of(List.copyOf(batch)));
    batch.clear();
    Error fault = null;
    while (!parts.isEmpty()) {
      List<Item<I, O>> part = parts.pop();
      try {
        answer(part, flush.flush(part.stream().map(item -> item.value).toList()));
      } catch (StorageUnavailable e) {
        batch.addAll(part);
        parts.forEach(batch::addAll);
        throw e;
      } catch (RuntimeException | Error e) {
        // Not the storage's fault: the same batch would fail for ever.
        if (part.size() > 1) {
          parts.push(part.subList(part.size() / 2, part.size()));
          parts.push(part.subList(0, part.size() / 2));
        } else if (e instanceof Error error) {
          // The JVM's trouble and not the item's, perhaps: tried again while the patience lasts.
          batch.addAll(part);
          fault = error;
        } else {
          fail(part.getFirst(), e);
        }
      }
    }
    if (fault != null) {
      throw fault;
    }
  }

  private void answer(List<Item<I, O>> items, List<Optional<O>> answers) {
    for (int i = 0; i < items.size(); i++) {
      Item<I, O> item = items.get(i);
      O answer = answers.get(i).orElse(null);
      if (answer == null) {
        batch.add(item);
      } else {
        item.complete(answer);
        forget(item);
      }
    }
  }

  private void failImpatient(Throwable failure) {
    long now = System.nanoTime();
    batch.removeIf(item -> {
      boolean isOver = now - item.since >= bounds.patience().toNanos();
      if (isOver) {
        fail(item, failure);
      }
      return isOver;
    });
  }

  private void fail(Item<I, O> item, Throwable failure) {
    item.completeExceptionally(failure);
    forget(item);
  }

  private void forget(Item<I, O> item) {
    unanswered.remove(item);
  }

  /**
   * The limits of a combiner.
   *
   * @param capacity how many items may queue up
   * @param maxWeight a batch takes no further item once it weighs this
   * @param patience how long an item is tried
   */
  public record Bounds(int capacity, int maxWeight, Duration patience) {}

  /** Carries a batch out, by one call or in one transaction. */
  @FunctionalInterface
  public interface Flush<I, O> {

    /**
     * Carries the items out.
     *
     * @return an answer for each, in their order; an empty one puts the item into the next batch
     */
    List<Optional<O>> flush(List<I> items);
  }

  /** The answer to a value. Equal to itself only: sets of items never look into their values. */
  private static final class Item<I, O> extends CompletableFuture<O> {

    private final I value;
    private final long since = System.nanoTime();

    Item(I value) {
      this.value = value;
    }
  }
}
