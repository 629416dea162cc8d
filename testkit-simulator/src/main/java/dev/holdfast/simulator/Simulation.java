package dev.holdfast.simulator;

import dev.holdfast.domain.event.EventType;
import dev.holdfast.simulator.check.Verdict;
import dev.holdfast.simulator.check.Witness;
import dev.holdfast.simulator.fault.FaultKind;
import dev.holdfast.simulator.fault.Faults;
import dev.holdfast.simulator.fault.Weather;
import dev.holdfast.simulator.load.Clients;
import dev.holdfast.simulator.load.Follower;
import dev.holdfast.simulator.load.Handlers;
import dev.holdfast.simulator.node.Bend;
import dev.holdfast.simulator.node.Cluster;
import dev.holdfast.simulator.node.Life;
import dev.holdfast.simulator.node.Pacing;
import dev.holdfast.simulator.node.StorageClock;
import dev.holdfast.simulator.time.Actor;
import dev.holdfast.simulator.time.Timeline;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One history of a cluster: a storm of faults, then calm until everything has ended. The seed
 * decides all of it. Belongs to one thread, runs once.
 */
public final class Simulation {

  private static final long PATIENCE = Duration.ofMinutes(4).toNanos();
  private static final List<FaultKind> OTHERS = List.of(
      FaultKind.OUTAGE, FaultKind.WALL_STEP, FaultKind.TWIN, FaultKind.RESTART, FaultKind.RESTART);

  private final long seed;
  private final SplittableRandom chance;
  private final Timeline timeline;
  private final Weather weather;
  private final Faults faults;
  private final Verdict verdict;
  private final Witness witness;
  private final Cluster cluster;
  private final Clients clients;
  private final Follower follower;
  private final Actor fate = new Actor("fate");
  private final int nodes;
  private final long storm;

  /** A history with these rules bent; {@code isTracing} keeps what happened last. */
  public Simulation(long seed, Bend bend, boolean isTracing) {
    this.seed = seed;
    this.chance = new SplittableRandom(seed);
    this.timeline = new Timeline(chance.split());
    this.weather = Weather.of(chance.split());
    this.faults = new Faults(weather, chance.split());
    this.verdict = new Verdict(timeline::now, isTracing);
    StorageClock clock = new StorageClock(timeline);
    InMemoryStorage truth = new InMemoryStorage(clock);
    this.witness = new Witness(verdict, truth, clock, weather.areClocksExact());
    Pacing pacing = Pacing.of(chance.split());
    this.nodes = 1 + chance.nextInt(3) + chance.nextInt(2);
    this.storm = pacing.timeToLive().multipliedBy(3).toNanos();
    Handlers handlers = new Handlers(timeline, faults, verdict, chance.split());
    this.cluster = new Cluster(
        new Cluster.Parts(
            timeline,
            clock,
            truth,
            faults,
            pacing,
            verdict,
            witness,
            handlers,
            new PlainJson(),
            bend),
        chance.split());
    this.clients = new Clients(
        timeline, cluster, witness, verdict, handlers, chance.split(), nodes, !weather.isCalm());
    this.follower =
        new Follower(timeline, cluster, witness, verdict, truth.events().start(), chance.split());
  }

  /** A history by the rules. */
  public static History of(long seed) throws InterruptedException {
    return new Simulation(seed, Bend.NONE, false).run();
  }

  /** Runs it to its end, or to the first broken promise. */
  public History run() throws InterruptedException {
    cluster.start(nodes);
    clients.plan(storm * 3 / 4);
    follower.start();
    for (int i = 0; i < weather.others(); i++) {
      FaultKind kind = OTHERS.get(chance.nextInt(OTHERS.size()));
      timeline.after(chance.nextLong(storm), fate, null, () -> cluster.strike(kind));
    }
    if (weather.doesClockStep()) {
      long at = chance.nextLong(storm);
      timeline.after(at, fate, null, () -> cluster.strike(FaultKind.CLOCK_STEP));
    }
    timeline.after(storm, fate, null, cluster::heal);
    try {
      timeline.run(witness.stories()::readOn, this::isOver);
    } catch (RuntimeException | Error e) {
      verdict.broken("L3", "nobody expects " + stackOf(e));
    }
    if (!verdict.isBroken()) {
      checkTheEnd();
    }
    return new History(
        seed,
        timeline.steps(),
        Duration.ofNanos(timeline.now()),
        faults.counts(),
        witness.stories().tasks(),
        verdict.hash(),
        verdict.broken(),
        verdict.trace());
  }

  private static String stackOf(Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    return stack.toString();
  }

  private boolean isOver() {
    if (verdict.isBroken() || timeline.now() >= storm + PATIENCE) {
      return true;
    }
    return faults.isHealed()
        && clients.areDone()
        && witness.stories().areOver()
        && follower.isDone()
        && isLed();
  }

  private boolean isLed() {
    for (Life life : cluster.lives()) {
      Long term = life.leadsTerm();
      if (term != null && term == witness.newestTerm()) {
        return true;
      }
    }
    return false;
  }

  private void checkTheEnd() {
    if (timeline.now() >= storm + PATIENCE) {
      verdict.broken("L1", missing());
    }
    witness.stories().compareWithState();
    witness.acknowledged().compareWithState();
    if (weather.isCalm()) {
      requireNone(EventType.REASSIGNED);
      requireNone(EventType.RELEASED);
    }
  }

  private String missing() {
    if (!clients.areDone()) {
      return "a submission is never accepted";
    }
    if (!witness.stories().areOver()) {
      return "tasks do not end: " + witness.stories().open();
    }
    return follower.isDone() ? "nobody leads" : "a follower does not see every event";
  }

  private void requireNone(EventType type) {
    int count = witness.stories().count(type);
    if (count > 0) {
      verdict.broken("L3", count + " × " + type.code() + " although nothing went wrong");
    }
  }
}
