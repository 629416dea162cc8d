package dev.holdfast.application.testing;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A storage whose ports can be made to fail: gone for a while, an answer lost after the commit, some
 * data refused. Counts its transactions. Safe for concurrent use.
 */
public final class TamperedStorage implements Storage {

  private final Storage inner;
  private final AtomicInteger transactions = new AtomicInteger();
  private final AtomicBoolean down = new AtomicBoolean();
  private final List<Loss> losses = new java.util.concurrent.CopyOnWriteArrayList<>();
  private volatile BiPredicate<String, Object[]> refused = (method, arguments) -> false;
  private volatile Consumer<Set<String>> afterTransaction = called -> {};

  /** In front of a sound one. */
  public TamperedStorage(Storage inner) {
    this.inner = inner;
  }

  /** How many transactions were begun. */
  public int transactions() {
    return transactions.get();
  }

  /** Whether every port fails from now on. */
  public void down(boolean isDown) {
    down.set(isDown);
  }

  /** The next transactions that call this method of a port commit, but nobody is told. */
  public void loseAnswersOf(String method, int count) {
    losses.add(new Loss(method, new AtomicInteger(count)));
  }

  /** Calls of the transaction's ports that match are refused as bad data. */
  public void refuse(BiPredicate<String, Object[]> calls) {
    refused = calls;
  }

  /** Runs after each commit and before its answer, in its thread. */
  public void afterTransactions(Runnable work) {
    afterTransaction = called -> work.run();
  }

  /** The same for those transactions that call this method of a port. */
  public void afterTransactionsWith(String method, Runnable work) {
    afterTransaction = called -> {
      if (called.contains(method)) {
        work.run();
      }
    };
  }

  private record Loss(String method, AtomicInteger left) {}

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    requireUp();
    transactions.incrementAndGet();
    Set<String> called = ConcurrentHashMap.newKeySet();
    T answer = inner.transact(tx -> work.apply(watched(tx, called)));
    afterTransaction.accept(called);
    for (Loss loss : losses) {
      if (called.contains(loss.method) && loss.left.getAndDecrement() > 0) {
        throw unavailable("the answer was lost");
      }
    }
    requireUp();
    return answer;
  }

  private StorageTx watched(StorageTx tx, Set<String> called) {
    return proxy(StorageTx.class, tx, (method, arguments) -> {
      Object port = invoke(tx, method, arguments);
      Class<?> type = method.getReturnType();
      return type.isInterface() ? watchedPort(type, port, called) : port;
    });
  }

  private Object watchedPort(Class<?> type, Object port, Set<String> called) {
    return proxy(type, port, (method, arguments) -> {
      called.add(method.getName());
      if (refused.test(method.getName(), arguments)) {
        throw new StorageRejected("refused", new IllegalArgumentException(method.getName()));
      }
      return invoke(port, method, arguments);
    });
  }

  @Override
  public Sessions sessions() {
    return guarded(Sessions.class, inner.sessions());
  }

  @Override
  public Coordination coordination() {
    Coordination real = inner.coordination();
    return new Coordination() {
      @Override
      public Elections elections() {
        return guarded(Elections.class, real.elections());
      }

      @Override
      public Signals signals() {
        return real.signals();
      }
    };
  }

  @Override
  public TaskQueries tasks() {
    return guarded(TaskQueries.class, inner.tasks());
  }

  @Override
  public EventLog events() {
    return guarded(EventLog.class, inner.events());
  }

  @Override
  public Upkeep upkeep() {
    return guarded(Upkeep.class, inner.upkeep());
  }

  @Override
  public void close() {
    inner.close();
  }

  private <T> T guarded(Class<T> type, T port) {
    return proxy(type, port, (method, arguments) -> {
      requireUp();
      return invoke(port, method, arguments);
    });
  }

  private void requireUp() {
    if (down.get()) {
      throw unavailable("the storage is away");
    }
  }

  private static StorageUnavailable unavailable(String message) {
    return new StorageUnavailable(message, new IllegalStateException("tampered"));
  }

  private interface Call {
    Object of(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Object target, Call call) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return invoke(target, method, arguments);
          }
          return call.of(method, arguments == null ? new Object[0] : arguments);
        }));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      method.setAccessible(true);
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public String toString() {
    return "tampered " + inner + Arrays.asList(losses.toArray());
  }
}
