package dev.holdfast.bootstrap.wiring;

import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.bootstrap.config.HoldfastConfig.ApiWrites;
import dev.holdfast.bootstrap.config.HoldfastConfig.Cluster;
import dev.holdfast.http.WriteGate;

/**
 * Who takes writes in a cluster: the leader, by its own monotonic clock too, or every node that
 * works. Observers never do.
 */
record ClusterGate(ClusterView view, Cluster config) implements WriteGate {

  @Override
  public Position look() {
    boolean isOpen = config.writes() == ApiWrites.ANY && config.role().mayWork();
    if (isOpen || view.isLeader()) {
      return new Open();
    }
    return view.leader()
        .map(leader -> new Closed(new Leader(leader.node(), leader.address())))
        .orElseGet(() -> new Closed(null));
  }
}
