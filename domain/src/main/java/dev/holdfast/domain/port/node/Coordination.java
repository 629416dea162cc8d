package dev.holdfast.domain.port.node;

/** What several nodes on one storage need to behave as one engine. */
public interface Coordination {

  /** Who leads. */
  Elections elections();

  /** Hints between nodes. */
  Signals signals();
}
