package dev.holdfast.application.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Lead;
import dev.holdfast.application.engine.EngineSettings;
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
      NodeDuties duties) {
    this.storage = storage;
    this.session = session;
    this.claims = claims;
    this.lead = new Lead(storage, session::candidate, cluster, duties);
    this.hints = new Hints(storage.coordination().signals());
    this.fence = new SelfFence(
        session, worker, settings.timeToLive(), settings.heartbeat().multipliedBy(2));
  }

  @Override
  public List<Loop> loops() {
    return List.of(lead, hints, fence);
  }

  @Override
  public void join() {
    storage.coordination().signals().listen(this::hear);
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
  public void readied() {
    hints.give(Signal.WORK);
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
