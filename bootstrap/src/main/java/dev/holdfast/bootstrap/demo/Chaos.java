package dev.holdfast.bootstrap.demo;

import dev.holdfast.bootstrap.remote.Document;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Kills a random node now and then, and starts it again. Belongs to one thread. */
final class Chaos {

  private static final Duration AWAY = Duration.ofSeconds(2);

  private final DemoCluster cluster;
  private final Duration every;
  private final RandomGenerator random;
  private final EventWatch watch;
  private final InstantSource clock;
  private final List<Kill> kills = new ArrayList<>();
  private @Nullable DemoNode down;
  private long dueNanos;
  private boolean hasBegun;

  Chaos(
      DemoCluster cluster,
      Duration every,
      RandomGenerator random,
      EventWatch watch,
      InstantSource clock) {
    this.cluster = cluster;
    this.every = every;
    this.random = random;
    this.watch = watch;
    this.clock = clock;
  }

  List<Kill> kills() {
    return List.copyOf(kills);
  }

  /** Does what is due. */
  void look(Document leader, Document stats) {
    if (!kills.isEmpty() && leader.get("since") != null) {
      kills.getLast().led(leader.textOrEmpty("node"), term(leader), since(leader));
    }
    if (!hasBegun) {
      hasBegun = true;
      dueNanos = System.nanoTime() + every.toNanos();
    }
    if (System.nanoTime() - dueNanos < 0) {
      return;
    }
    if (down != null) {
      end();
      dueNanos = System.nanoTime() + Math.max(AWAY.toNanos(), every.minus(AWAY).toNanos());
    } else if (leader.get("node") != null) {
      kill(leader, stats);
      dueNanos = System.nanoTime() + AWAY.toNanos();
    }
  }

  /** Whoever is away comes back. */
  void end() {
    DemoNode node = down;
    if (node != null) {
      node.start();
      down = null;
    }
  }

  private void kill(Document leader, Document stats) {
    DemoNode victim = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    long skew = stats.get("clockSkewMillis") instanceof Number millis ? millis.longValue() : 0;
    Kill kill = new Kill(
        victim.name(),
        clock.instant().minusMillis(skew),
        victim.name().equals(leader.textOrEmpty("node")),
        term(leader));
    watch.expect(kill);
    victim.kill();
    kills.add(kill);
    down = victim;
  }

  private static long term(Document leader) {
    return leader.get("term") instanceof Number term ? term.longValue() : 0;
  }

  private static Instant since(Document leader) {
    return Instant.parse(leader.textOrEmpty("since"));
  }
}
