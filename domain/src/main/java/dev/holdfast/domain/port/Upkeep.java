package dev.holdfast.domain.port;

import dev.holdfast.domain.port.tx.Facts;

/** Bounded pieces of upkeep; each is safe to run at any time, on any node. */
public interface Upkeep {

  /**
   * Adds up counts that {@link Facts#count} appended more than a minute ago.
   *
   * @return how many rows it removed; 0 when there is nothing to do
   */
  int rollUpCounts();

  /** Lets the storage reclaim space and write through what it buffers, if it needs that. */
  void tidy();
}
