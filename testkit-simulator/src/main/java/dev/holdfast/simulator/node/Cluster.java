package dev.holdfast.simulator.node;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.simulator.check.Verdict;
import dev.holdfast.simulator.check.Witness;
import dev.holdfast.simulator.fault.FaultKind;
import dev.holdfast.simulator.fault.Faults;
import dev.holdfast.simulator.fault.Network;
import dev.holdfast.simulator.time.Timeline;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Nodes on one storage: starts them, and starts them again when they have died. */
public final class Cluster {

  private static final long LONGEST_ABSENCE = 1_500_000_000L;

  private final Parts parts;
  private final SplittableRandom chance;
  private final Network network = new Network();
  private final Hints hints;
  private final List<Life> lives = new ArrayList<>();
  private final Map<NodeId, Duration> wallOffsets = new HashMap<>();
  private int born;

  /** A cluster without nodes yet. */
  public Cluster(Parts parts, SplittableRandom chance) {
    this.parts = parts;
    this.chance = chance;
    this.hints = new Hints(parts.timeline, parts.faults);
  }

  /** What a cluster is made of. */
  public record Parts(
      Timeline timeline,
      StorageClock clock,
      InMemoryStorage truth,
      Faults faults,
      Pacing pacing,
      Verdict verdict,
      Witness witness,
      Workers handlers,
      JsonMapper json,
      Bend bend) {}

  /** Starts so many nodes. */
  public void start(int nodes) {
    for (int i = 1; i <= nodes; i++) {
      NodeId node = new NodeId("n" + i);
      wallOffsets.put(node, Duration.ofSeconds(chance.nextLong(-86_400, 86_401)));
      begin(node, chance.nextLong(200_000_000L));
    }
  }

  private void begin(NodeId node, long delay) {
    double off = parts.faults.weather().clockRate();
    double rate = off == 0 ? 1 : 1 + off * (2 * chance.nextDouble() - 1);
    Life life = new Life(this, node, ++born, rate);
    lives.add(life);
    life.boot(delay);
  }

  /** The lives that have not ended. */
  public List<Life> lives() {
    return lives;
  }

  /** One that could be asked something now; null when there is none. */
  public @Nullable Life anyUp(RandomGenerator by) {
    List<Life> up = lives.stream().filter(Life::isUp).toList();
    return up.isEmpty() ? null : up.get(by.nextInt(up.size()));
  }

  /** A process is no more; a supervisor starts its node again unless it runs already. */
  void died(Life life) {
    parts.verdict.tell(() -> life + " dies");
    lives.remove(life);
    parts.timeline.kill(life.actor());
    life.disconnect();
    if (lives.stream().noneMatch(other -> other.node().equals(life.node()))) {
      begin(life.node(), chance.nextLong(LONGEST_ABSENCE));
    }
  }

  /** Something goes wrong that is no call's affair. */
  public void strike(FaultKind kind) {
    long unit = parts.pacing.timeToLive().toNanos();
    Life life = anyUp(parts.faults.chance());
    if (parts.faults.isHealed() || life == null) {
      return;
    }
    switch (kind) {
      case OUTAGE -> network.downUntil(parts.timeline.now() + parts.faults.duration(2 * unit));
      case CLOCK_STEP ->
        parts.clock.step(Duration.ofNanos(parts.faults.chance().nextLong(-unit, 2 * unit)));
      case WALL_STEP ->
        wallOffsets.put(life.node(), Duration.ofSeconds(chance.nextLong(-86_400, 86_401)));
      case TWIN -> {
        life.actor().freezeUntil(parts.timeline.now() + parts.faults.duration(3 * unit));
        begin(life.node(), chance.nextLong(unit / 4));
      }
      case RESTART -> restart(life);
      default -> throw new IllegalArgumentException("happens at calls only: " + kind);
    }
    parts.faults.count(kind);
    parts.verdict.tell(() -> kind + " at " + life);
  }

  private void restart(Life life) {
    Duration grace =
        Duration.ofNanos(parts.faults.duration(parts.pacing.timeToLive().toNanos()));
    parts.timeline.after(0, life.actor(), "stop", () -> {
      life.stop(grace);
      died(life);
    });
  }

  /** Everything can be reached again and goes on, of two lives of one node both. */
  public void heal() {
    parts.faults.heal();
    network.heal();
    lives.forEach(Life::heal);
  }

  Duration wallOffset(NodeId node) {
    return wallOffsets.getOrDefault(node, Duration.ZERO);
  }

  RandomGenerator newChance() {
    return chance.split();
  }

  Timeline timeline() {
    return parts.timeline;
  }

  StorageClock clock() {
    return parts.clock;
  }

  InMemoryStorage truth() {
    return parts.truth;
  }

  Faults faults() {
    return parts.faults;
  }

  Network network() {
    return network;
  }

  Pacing pacing() {
    return parts.pacing;
  }

  Verdict verdict() {
    return parts.verdict;
  }

  Witness witness() {
    return parts.witness;
  }

  Workers handlers() {
    return parts.handlers;
  }

  JsonMapper json() {
    return parts.json;
  }

  Bend bend() {
    return parts.bend;
  }

  Hints hints() {
    return hints;
  }
}
