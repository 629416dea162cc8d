package dev.holdfast.application.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a node takes part in a cluster.
 *
 * @param leaderLease how long a lead lasts unless renewed
 * @param leaderRenew how often it is renewed, and how often others try to take it
 * @param watch how often a leader looks for sessions whose process is gone, and the others for the
 *     leader's
 */
public record ClusterSettings(
    Role role, Duration leaderLease, Duration leaderRenew, Duration watch) {

  /** Any role; a lease of five seconds, renewed every second, deaths noticed in half a second. */
  public static final ClusterSettings DEFAULT = new ClusterSettings(
      Role.AUTO, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(200));

  public ClusterSettings {
    Objects.requireNonNull(role, "role");
    List<String> faults = new ArrayList<>();
    positive("leaderLease", leaderLease, faults);
    positive("leaderRenew", leaderRenew, faults);
    positive("watch", watch, faults);
    if (leaderRenew.multipliedBy(2).compareTo(leaderLease) >= 0) {
      faults.add("leaderRenew must be less than half of leaderLease");
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static void positive(String name, Duration duration, List<String> faults) {
    if (duration.isNegative() || duration.isZero()) {
      faults.add(name + " must be positive, got " + duration);
    }
  }
}
