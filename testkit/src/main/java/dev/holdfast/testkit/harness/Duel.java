package dev.holdfast.testkit.harness;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Two threads on one storage: the second acts while the first one's transaction is open.
 *
 * <p>A storage that makes the second wait, for a row or for the whole, is right to: the first then
 * stays open for a moment and goes on.
 */
public final class Duel {

  private static final long PATIENCE_MILLIS = 150;
  private static final long LIMIT_SECONDS = 60;

  private final Storage storage;

  /** On this storage. */
  public Duel(Storage storage) {
    this.storage = storage;
  }

  /** What both came to. */
  public record Result<A, B>(A first, B second) {}

  /** Runs {@code first} in a transaction and, before that commits, {@code second}. */
  public <A, B> Result<A, B> whileOpen(Function<StorageTx, A> first, Callable<B> second) {
    return between(first, second, tx -> {});
  }

  /** The same, where the first goes on with {@code rest} before it commits. */
  public <A, B> Result<A, B> between(
      Function<StorageTx, A> first, Callable<B> second, Consumer<StorageTx> rest) {
    CountDownLatch acted = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    FutureTask<B> other = new FutureTask<>(() -> {
      acted.await();
      try {
        return second.call();
      } finally {
        done.countDown();
      }
    });
    Thread.ofVirtual().name("duel").start(other);
    try {
      A answer = storage.transact(tx -> {
        A acting = first.apply(tx);
        acted.countDown();
        awaitBriefly(done);
        rest.accept(tx);
        return acting;
      });
      return new Result<>(answer, answer(other));
    } finally {
      acted.countDown();
    }
  }

  private static void awaitBriefly(CountDownLatch done) {
    try {
      boolean unused = done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <B> B answer(FutureTask<B> task) {
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("the second failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the second hangs", e);
    }
  }
}
