package dev.holdfast.simulator.fault;

import dev.holdfast.domain.port.Storage;
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
import java.util.function.Function;

/** The storage behind a wire: every call of every port passes it. */
public final class Plagued implements Storage, Coordination {

  private final Storage real;
  private final Wire wire;
  private final Signals signals;
  private final Sessions sessions;
  private final Elections elections;
  private final TaskQueries tasks;
  private final EventLog events;
  private final Upkeep upkeep;

  /** A storage whose hints go another way. */
  public Plagued(Storage real, Wire wire, Signals signals) {
    this.real = real;
    this.wire = wire;
    this.signals = signals;
    this.sessions = behind(wire, Sessions.class, real.sessions());
    this.elections = behind(wire, Elections.class, real.coordination().elections());
    this.tasks = behind(wire, TaskQueries.class, real.tasks());
    this.events = behind(wire, EventLog.class, real.events());
    this.upkeep = behind(wire, Upkeep.class, real.upkeep());
  }

  private static <P> P behind(Wire wire, Class<P> port, P real) {
    return port.cast(Proxy.newProxyInstance(
        port.getClassLoader(),
        new Class<?>[] {port},
        (proxy, method, arguments) -> wire.<Object>call(() -> invoke(real, method, arguments))));
  }

  private static Object invoke(Object port, Method method, Object[] arguments) {
    try {
      return method.invoke(port, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    return wire.call(() -> real.transact(work));
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Coordination coordination() {
    return this;
  }

  @Override
  public Elections elections() {
    return elections;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public TaskQueries tasks() {
    return tasks;
  }

  @Override
  public EventLog events() {
    return events;
  }

  @Override
  public Upkeep upkeep() {
    return upkeep;
  }

  @Override
  public void close() {}
}
