package dev.holdfast.application.engine;

import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.value.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What one node knows of all. Safe for concurrent use. */
public interface ClusterView {

  /** The newest session of every node, except of those that died more than a day ago. */
  List<NodeView> nodes();

  /** Who leads; in single-node mode this node, term 1, for as long as it runs. */
  Optional<Leader> leader();

  /** Whether this node leads, by its own monotonic clock too. */
  boolean isLeader();

  /** Counts of tasks; at most one second old, exact when nothing happens. */
  Stats stats();

  /** How far this node's wall clock is ahead of the storage's; negative when behind. */
  Duration clockSkew();

  /**
   * The node that leads.
   *
   * @param address base URL; empty when it has none
   * @param term grows with every election
   */
  record Leader(NodeId node, String address, long term, Instant since, Instant expiresAt) {}
}
