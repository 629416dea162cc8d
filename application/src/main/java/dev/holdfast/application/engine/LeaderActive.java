package dev.holdfast.application.engine;

import dev.holdfast.domain.port.node.Leadership;
import java.util.Optional;

/** A node that must lead did not win, so it was not started. */
public final class LeaderActive extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** Names who leads, if anybody does. */
  public LeaderActive(Optional<Leadership> leader) {
    super("the role leader could not be taken within one lease: "
        + leader.map(LeaderActive::name).orElse("the storage did not answer in time")
        + "; stop that node first, or use the role auto");
  }

  private static String name(Leadership leader) {
    String address = leader.address().isEmpty() ? "" : " at " + leader.address();
    return "node " + leader.node() + address + " leads, term " + leader.term() + " since "
        + leader.since();
  }
}
