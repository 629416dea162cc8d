package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;

/** What a leader does, and others do not. */
public interface Duties {

  /** Begins them for a term; {@code led} refuses every write once the term is over. */
  void begin(Leadership leadership, Storage led);

  /** Stops them, and returns when none of them runs any more. */
  void end();
}
