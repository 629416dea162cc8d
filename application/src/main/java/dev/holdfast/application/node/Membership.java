package dev.holdfast.application.node;

import dev.holdfast.application.engine.LeaderActive;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.node.Leadership;
import java.util.List;
import java.util.Optional;

/** How a node takes part: alone with its storage, or in a cluster. */
interface Membership {

  /** What must be driven beside the node's own loops; started by {@link #join}. */
  List<Loop> loops();

  /**
   * Takes part from now on, after the loops were started.
   *
   * @throws LeaderActive if the node must lead, and another one does
   */
  void join();

  /** Who leads, as far as this node knows. */
  Optional<Leadership> leader();

  /** Whether this node leads now. */
  boolean isLeader();

  /** Whether the next submission may tell the other nodes by its own commit. */
  boolean mayTell();

  /**
   * Tasks became pending by a transaction of this node.
   *
   * @param isTold whether its commit has told the other nodes
   */
  void readied(boolean isTold);

  /** The cancel of a run that another node may hold was asked. */
  void cancelAsked();

  /** Takes part no more: ends its duties, gives back the lead. */
  void leave();
}
