package dev.holdfast.simulator.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.domain.value.NodeId;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/** How fast a cluster is set: the defaults, or faster, so that more happens in a short history. */
public record Pacing(
    Duration heartbeat,
    Duration staleAfter,
    Duration timeToLive,
    Duration longestPoll,
    Duration lease,
    Duration renew,
    Duration watch,
    int slots) {

  /** As chance decides, mostly fast. */
  public static Pacing of(RandomGenerator chance) {
    int slots = 1 + chance.nextInt(6);
    return chance.nextInt(8) == 0
        ? new Pacing(ms(1000), ms(3000), ms(10_000), ms(1000), ms(5000), ms(1000), ms(200), slots)
        : new Pacing(ms(250), ms(700), ms(2000), ms(500), ms(1200), ms(300), ms(150), slots);
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  EngineSettings settings(NodeId node) {
    return new EngineSettings(
        node, "", Map.of(), slots, heartbeat, staleAfter, timeToLive, longestPoll, Duration.ZERO);
  }

  ClusterSettings cluster() {
    return new ClusterSettings(Role.AUTO, lease, renew, watch);
  }
}
