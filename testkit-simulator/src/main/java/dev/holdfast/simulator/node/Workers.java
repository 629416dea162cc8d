package dev.holdfast.simulator.node;

import dev.holdfast.application.worker.Handler;
import java.util.Map;

/** What the nodes of a cluster can run. */
@FunctionalInterface
public interface Workers {

  /** The handlers of one life of a node, by the type of their tasks. */
  Map<String, Handler> of(Life life);
}
