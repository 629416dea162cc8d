package dev.holdfast.application.engine;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.value.NodeId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How a node runs.
 *
 * @param node who it is
 * @param address the base URL under which others reach it; empty when it has none
 * @param labels what it offers to tasks that ask for it
 * @param slots how many handlers run at once; 0..{@value #MAX_SLOTS}, 0 runs none
 * @param heartbeat how often it says that it lives
 * @param staleAfter how old its heartbeat may grow before others count on it no more; longer than
 *     the heartbeat
 * @param timeToLive how old its heartbeat may grow before it counts as dead; longer than staleAfter
 * @param longestPoll the longest pause between two looks for work
 * @param stopGrace how long handlers may run on after a stop was asked
 */
public record EngineSettings(
    NodeId node,
    String address,
    Map<String, String> labels,
    int slots,
    Duration heartbeat,
    Duration staleAfter,
    Duration timeToLive,
    Duration longestPoll,
    Duration stopGrace) {

  /** Upper bound of slots. */
  public static final int MAX_SLOTS = 100_000;

  public EngineSettings {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(address, "address");
    labels = Map.copyOf(labels);
    labels.forEach(Constraints::requireLabel);
    if (slots < 0 || slots > MAX_SLOTS) {
      throw new IllegalArgumentException("slots must be 0.." + MAX_SLOTS + ", got " + slots);
    }
    requirePositive("heartbeat", heartbeat);
    requirePositive("staleAfter", staleAfter);
    requirePositive("timeToLive", timeToLive);
    requirePositive("longestPoll", longestPoll);
    if (stopGrace.isNegative()) {
      throw new IllegalArgumentException("stopGrace must not be negative, got " + stopGrace);
    }
    requireLess("heartbeat", heartbeat, "staleAfter", staleAfter);
    requireLess("staleAfter", staleAfter, "timeToLive", timeToLive);
  }

  /** A node with every default: 32 slots, a heartbeat a second, stale after 3, dead after 10. */
  public static EngineSettings of(NodeId node) {
    return new EngineSettings(
        node,
        "",
        Map.of(),
        32,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofSeconds(20));
  }

  /** The same with other slots. */
  public EngineSettings withSlots(int other) {
    return new EngineSettings(
        node, address, labels, other, heartbeat, staleAfter, timeToLive, longestPoll, stopGrace);
  }

  private static void requireLess(String name, Duration less, String than, Duration more) {
    if (less.compareTo(more) >= 0) {
      throw new IllegalArgumentException(
          name + " must be less than " + than + ", got " + less + " and " + more);
    }
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, got " + duration);
    }
  }
}
