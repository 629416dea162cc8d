package dev.holdfast.simulator.node;

import dev.holdfast.application.loop.Host;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.value.NodeId;
import java.time.InstantSource;

/**
 * Bends the rules of a simulated cluster, to see whether the simulator notices. One instance serves
 * one history.
 */
public interface Bend {

  /** Bends nothing. */
  Bend NONE = new Bend() {};

  /** The storage itself, behind the faults, as this process reaches it. */
  default Storage server(Storage real, Site site) {
    return real;
  }

  /** What the engine of this process takes for the storage, before the faults. */
  default Storage client(Storage faulty, Site site) {
    return faulty;
  }

  /** What the engine of this process runs on. */
  default Host host(Host real, Site site) {
    return real;
  }

  /** One process. */
  interface Site {

    /** Which node it is. */
    NodeId node();

    /** Its wall clock, which is off and steps. */
    InstantSource wallClock();

    /** The clock of the storage. */
    InstantSource storageClock();

    /** Lets time pass, as a round trip does: others come in between. Not inside a transaction. */
    void hiccup();

    /** The name of the loop that runs now; empty when none does. */
    String loop();
  }
}
