package dev.holdfast.testkit.selftest;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Breaks one method of one port of a storage and leaves the others as they are. */
final class Broken {

  private Broken() {}

  /** What a method does instead, given the real port and the arguments. */
  interface Instead<P> {
    Object call(P real, Object[] arguments) throws Throwable;
  }

  /** What a method does instead, given the open transaction and the arguments. */
  interface InsteadInTx {
    Object call(StorageTx tx, Object[] arguments) throws Throwable;
  }

  /** A storage with another port, for example {@code "sessions"}. */
  static <P> UnaryOperator<Storage> port(
      Class<P> type, String port, String method, Instead<P> instead) {
    return real -> replaced(Storage.class, real, port, (storage, none) -> {
      P whole = type.cast(Storage.class.getMethod(port).invoke(storage));
      return replaced(type, whole, method, instead);
    });
  }

  /** A storage with another method of a port of the transaction, for example {@code "runs"}. */
  static UnaryOperator<Storage> inTx(String port, String method, InsteadInTx instead) {
    return transacting(
        (storage, work) -> storage.transact(tx -> work.apply(broken(tx, port, method, instead))));
  }

  private static StorageTx broken(StorageTx tx, String port, String method, InsteadInTx instead) {
    return replaced(StorageTx.class, tx, port, (whole, none) -> {
      Object real = StorageTx.class.getMethod(port).invoke(whole);
      return anyReplaced(
          StorageTx.class.getMethod(port).getReturnType(), real, method, tx, instead);
    });
  }

  private static <P> Object anyReplaced(
      Class<P> type, Object real, String method, StorageTx tx, InsteadInTx instead) {
    return replaced(
        type, type.cast(real), method, (ignored, arguments) -> instead.call(tx, arguments));
  }

  /** How a storage runs its transactions. */
  interface Transacting {
    Object transact(Storage real, Function<StorageTx, Object> work);
  }

  /** A storage that runs its transactions in another way. */
  @SuppressWarnings("unchecked")
  static UnaryOperator<Storage> transacting(Transacting how) {
    Instead<Storage> instead =
        (storage, arguments) -> how.transact(storage, (Function<StorageTx, Object>) arguments[0]);
    return real -> replaced(
        Storage.class, replaced(Storage.class, real, "transact", instead), "atOnce", instead);
  }

  /** Keeps what was written although the work threw. */
  static Object keeping(Storage real, Function<StorageTx, Object> work) {
    AtomicReference<RuntimeException> thrown = new AtomicReference<>();
    Object answer = real.transact(tx -> {
      try {
        return work.apply(tx);
      } catch (RuntimeException e) {
        thrown.set(e);
        return "thrown";
      }
    });
    if (thrown.get() != null) {
      throw thrown.get();
    }
    return answer;
  }

  /** Commits each call of its own. */
  static Object autocommitting(Storage real, Function<StorageTx, Object> work) {
    StorageTx each = (StorageTx) Proxy.newProxyInstance(
        Broken.class.getClassLoader(),
        new Class<?>[] {StorageTx.class},
        (tx, port, none) -> port.getReturnType().isInterface()
            ? eachCall(real, port)
            : real.transact(one -> invoke(port, one)));
    return work.apply(each);
  }

  private static Object eachCall(Storage real, Method port) {
    return Proxy.newProxyInstance(
        Broken.class.getClassLoader(),
        new Class<?>[] {port.getReturnType()},
        (proxy, method, arguments) ->
            real.transact(tx -> invoke(method, invoke(port, tx), arguments)));
  }

  private static Object invoke(Method method, Object target, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  static <P> P replaced(Class<P> type, P real, String name, Instead<P> instead) {
    return type.cast(Proxy.newProxyInstance(
        Broken.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
          try {
            return method.getName().equals(name)
                ? instead.call(real, arguments)
                : method.invoke(real, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }
}
