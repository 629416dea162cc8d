package dev.holdfast.simulator.mutant;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Submissions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Replaces single methods of a storage and leaves the others as they are. */
final class Bent {

  private Bent() {}

  /** What a method does instead, given the real port and the arguments. */
  interface Instead<P> {
    Object call(P real, Object[] arguments) throws Throwable;
  }

  static <P> P replaced(Class<P> type, P real, String name, Instead<P> instead) {
    return type.cast(Proxy.newProxyInstance(
        Bent.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
          try {
            return method.getName().equals(name)
                ? instead.call(real, arguments)
                : method.invoke(real, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }

  static Storage sessions(Storage real, String method, Instead<Sessions> instead) {
    Sessions bent = replaced(Sessions.class, real.sessions(), method, instead);
    return replaced(Storage.class, real, "sessions", (storage, none) -> bent);
  }

  static Storage events(Storage real, String method, Instead<EventLog> instead) {
    EventLog bent = replaced(EventLog.class, real.events(), method, instead);
    return replaced(Storage.class, real, "events", (storage, none) -> bent);
  }

  static Storage elections(Storage real, UnaryOperator<Elections> bend) {
    var coordination = real.coordination();
    Elections bent = bend.apply(coordination.elections());
    var whole = replaced(Coordination.class, coordination, "elections", (ignored, none) -> bent);
    return replaced(Storage.class, real, "coordination", (storage, none) -> whole);
  }

  static Storage transactions(Storage real, UnaryOperator<StorageTx> bend) {
    return transacting(real, work -> real.transact(tx -> work.apply(bend.apply(tx))));
  }

  /** How a storage runs its transactions. */
  interface Transacting {
    Object transact(Function<StorageTx, Object> work);
  }

  @SuppressWarnings("unchecked")
  static Storage transacting(Storage real, Transacting how) {
    return replaced(
        Storage.class,
        real,
        "transact",
        (storage, arguments) -> how.transact((Function<StorageTx, Object>) arguments[0]));
  }

  static StorageTx runs(StorageTx tx, String method, Instead<Runs> instead) {
    return replaced(
        StorageTx.class,
        tx,
        "runs",
        (real, none) -> replaced(Runs.class, real.runs(), method, instead));
  }

  static StorageTx facts(StorageTx tx, String method, Instead<Facts> instead) {
    return replaced(
        StorageTx.class,
        tx,
        "facts",
        (real, none) -> replaced(Facts.class, real.facts(), method, instead));
  }

  static StorageTx submissions(StorageTx tx, String method, Instead<Submissions> instead) {
    return replaced(
        StorageTx.class,
        tx,
        "submissions",
        (real, none) -> replaced(Submissions.class, real.submissions(), method, instead));
  }
}
