package dev.holdfast.simulator.node;

import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.simulator.check.Subject;
import dev.holdfast.simulator.fault.Plagued;
import dev.holdfast.simulator.fault.Wire;
import dev.holdfast.simulator.time.Actor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One life of a node: a process with an engine, from its start to its death. */
public final class Life implements Subject, Wire.Victim, Bend.Site {

  private static final long TRY_AGAIN = 200_000_000L;
  private static final int MOST_IN_PEACE = 3;
  private static final long ROUND_TRIP = 300_000_000L;

  private final Cluster cluster;
  private final NodeId node;
  private final Actor actor;
  private final Wire wire;
  private final double rate;
  private final List<SessionId> sessions = new ArrayList<>();
  private @Nullable VirtualHost host;
  private @Nullable Engine engine;
  private @Nullable Storage storage;
  private @Nullable Long wonTerm;
  private int sessionsInPeace;

  Life(Cluster cluster, NodeId node, int number, double rate) {
    this.cluster = cluster;
    this.node = node;
    this.rate = rate;
    this.actor = new Actor(node + "#" + number);
    this.wire = new Wire(
        cluster.timeline(),
        actor,
        cluster.faults(),
        cluster.network(),
        this,
        cluster.pacing().timeToLive().toNanos());
  }

  void boot(long delay) {
    cluster.timeline().after(delay, actor, "boot", this::boot);
  }

  private void boot() {
    VirtualHost fresh =
        new VirtualHost(cluster.timeline(), actor, cluster.newChance(), rate, () -> wonTerm);
    host = fresh;
    Storage watched = cluster.witness().watch(cluster.bend().server(cluster.truth(), this), this);
    Storage plagued = new Plagued(watched, wire, cluster.hints().of(this));
    Storage bent = cluster.bend().client(plagued, this);
    EngineBuilder builder = new EngineBuilder(
            bent, cluster.json(), cluster.pacing().settings(node))
        .cluster(cluster.pacing().cluster())
        .wallClock(wallClock())
        .host(cluster.bend().host(fresh, this));
    Map<String, Handler> handlers = cluster.handlers().of(this);
    handlers.forEach(builder::handler);
    try {
      engine = builder.start();
      storage = bent;
    } catch (StorageUnavailable e) {
      boot(TRY_AGAIN);
    }
  }

  /** Its events. */
  public Actor actor() {
    return actor;
  }

  /** Its engine; null while it boots. */
  public @Nullable Engine engine() {
    return engine;
  }

  /** The storage as its engine has it; null while it boots. */
  public @Nullable Storage storage() {
    return storage;
  }

  /** Whether it could be asked something now. */
  public boolean isUp() {
    return !actor.isGone() && engine != null && !isFrozen();
  }

  boolean isFrozen() {
    return actor.frozenUntil() > cluster.timeline().now();
  }

  boolean isCut() {
    return wire.isCut();
  }

  void heal() {
    wire.heal();
    actor.thaw();
  }

  /** Stops in good order. */
  void stop(Duration grace) {
    Engine running = engine;
    engine = null;
    if (running != null) {
      running.stop(grace);
    }
  }

  @Override
  public void die() {
    cluster.died(this);
  }

  @Override
  public void disconnect() {
    // Unless a younger life of the node has begun: then the open session is that one's.
    boolean isOurs = cluster.truth().sessions().nodes().stream()
        .anyMatch(view -> sessions.contains(view.session()));
    if (isOurs) {
      cluster.truth().processDied(node);
    }
  }

  @Override
  public NodeId node() {
    return node;
  }

  @Override
  public @Nullable Long leadsTerm() {
    Engine running = engine;
    if (running == null || !isUp()) {
      return null;
    }
    return running
        .cluster()
        .leader()
        .filter(leader -> leader.node().equals(node))
        .map(ClusterView.Leader::term)
        .filter(term -> term.equals(wonTerm))
        .orElse(null);
  }

  @Override
  public @Nullable Long dutyTerm() {
    Driver running = host == null ? null : host.running();
    return running == null ? null : running.term();
  }

  @Override
  public void opened(SessionId session) {
    sessions.add(session);
    if (cluster.faults().isHealed() && ++sessionsInPeace > MOST_IN_PEACE) {
      cluster.verdict().broken("L3", this + " begins one session after the other");
    }
  }

  @Override
  public void won(long term) {
    wonTerm = term;
  }

  @Override
  public InstantSource wallClock() {
    return () -> cluster.clock().instant().plus(cluster.wallOffset(node));
  }

  @Override
  public InstantSource storageClock() {
    return cluster.clock();
  }

  @Override
  public void hiccup() {
    cluster.timeline().pause(cluster.faults().duration(ROUND_TRIP));
  }

  @Override
  public String loop() {
    Driver running = host == null ? null : host.running();
    return running == null ? "" : running.loop().name();
  }

  @Override
  public String toString() {
    return actor.toString();
  }
}
