package dev.holdfast.domain.port.node;

import java.util.function.Consumer;

/**
 * Hints between nodes. They may be lost, doubled or late, and carry no truth: whoever hears one
 * looks into the storage, and whoever hears none looks there anyway, only later.
 */
public interface Signals {

  /** Tells nobody and hears nothing. */
  Signals SILENT = new Silent();

  /** Tells the other nodes, in a transaction of its own. Never fails: a lost hint is allowed. */
  void send(Signal signal);

  /**
   * Calls back for what other nodes send, from a thread of the storage; the last registration wins.
   * The callback must not block.
   */
  void listen(Consumer<Signal> callback);

  /** Nobody is there to be told. */
  record Silent() implements Signals {

    @Override
    public void send(Signal signal) {}

    @Override
    public void listen(Consumer<Signal> callback) {}
  }

  /** What there is to look for. */
  enum Signal {
    /** Tasks became pending. */
    WORK,
    /** Cancels of running tasks were asked. */
    CANCEL,
    /** The lead was given back. */
    ELECTION
  }
}
