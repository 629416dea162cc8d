package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Signals;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Elections, and hints between the nodes that share a storage in memory. */
final class MemoryCoordination implements Coordination, Signals {

  private final Elections elections;
  private final List<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();

  MemoryCoordination(Elections elections) {
    this.elections = elections;
  }

  @Override
  public Elections elections() {
    return elections;
  }

  @Override
  public Signals signals() {
    return this;
  }

  @Override
  public void send(Signal signal) {
    listeners.forEach(listener -> listener.accept(signal));
  }

  /** Nodes that share the storage in one process all listen here, so every one is kept. */
  @Override
  public void listen(Consumer<Signal> callback) {
    listeners.add(callback);
  }
}
