package dev.holdfast.application.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Lead;
import dev.holdfast.application.cluster.LeadDeadline;
import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.LeaderActive;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Signals.Signal;
import java.util.List;
import java.util.Optional;

/** One of several equal nodes: contends for the lead, fences itself, hears and gives hints. */
final class Member implements Membership {

  private final Storage storage;
  private final ClusterSettings cluster;
  private final KeepSession session;
  private final ClaimWork claims;
  private final Lead lead;
  private final Hints hints;
  private final SelfFence fence;

  Member(
      Storage storage,
      EngineSettings settings,
      ClusterSettings cluster,
      KeepSession session,
      Worker worker,
      ClaimWork claims,
      NodeDuties duties,
      Host host) {
    this.storage = storage;
    this.cluster = cluster;
    this.session = session;
    this.claims = claims;
    this.lead = new Lead(storage, session::candidate, cluster, duties, host::nanos);
    session.renews(lead);
    this.hints = new Hints(storage.coordination().signals(), host::nanos);
    this.fence = new SelfFence(
        session, worker, host::nanos, settings.timeToLive().multipliedBy(4).dividedBy(5));
  }

  @Override
  public List<Loop> loops() {
    return List.of(lead, new LeadDeadline(lead), hints, fence);
  }

  @Override
  public void join() {
    storage.coordination().signals().listen(this::hear);
    if (cluster.role() == Role.LEADER) {
      requireLead();
    }
  }

  private void requireLead() {
    try {
      if (!lead.awaitWin(cluster.leaderLease())) {
        throw new LeaderActive(lead.leader());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LeaderActive(lead.leader());
    }
  }

  private void hear(Signal signal) {
    switch (signal) {
      case WORK -> claims.wake();
      case CANCEL -> session.wake();
      case ELECTION -> lead.wake();
    }
  }

  @Override
  public Optional<Leadership> leader() {
    return lead.leader();
  }

  @Override
  public boolean isLeader() {
    return lead.isLeader();
  }

  @Override
  public boolean mayTell() {
    return hints.mayRide();
  }

  @Override
  public void readied(boolean isTold) {
    if (isTold) {
      hints.rode();
    } else {
      hints.walked();
      hints.give(Signal.WORK);
    }
  }

  @Override
  public void cancelAsked() {
    hints.give(Signal.CANCEL);
  }

  @Override
  public void leave() {
    lead.resign();
  }
}
