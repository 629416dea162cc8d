package dev.holdfast.application.node;

import dev.holdfast.application.cluster.Lead;
import dev.holdfast.application.cluster.Sight;
import dev.holdfast.application.engine.StorageHeld;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's session alive; begins a new one when the old one is over. What the old one held
 * is not ours any more then, so its handlers are stopped first.
 */
final class KeepSession implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(KeepSession.class);

  private final Storage storage;
  private final NodeStart start;
  private final Worker worker;
  private final StorageTime time;
  private final Duration heartbeat;
  private final BooleanSupplier isDraining;
  private volatile SessionId id;
  private volatile Instant since;
  private volatile boolean over;
  private volatile long lastBeatNanos;
  private volatile Runnable waker = () -> {};
  private volatile Runnable begun = () -> {};
  private final List<Consumer<Sight>> watchers = new CopyOnWriteArrayList<>();
  private volatile @Nullable Lead lead;
  private String holder = "";
  private boolean isOpening;

  /**
   * Opens the first session.
   *
   * @throws StorageHeld if somebody else holds the storage exclusively
   */
  KeepSession(
      Storage storage,
      NodeStart start,
      Worker worker,
      LongSupplier nanos,
      Duration heartbeat,
      BooleanSupplier isDraining) {
    this.storage = storage;
    this.start = start;
    this.worker = worker;
    this.heartbeat = heartbeat;
    this.isDraining = isDraining;
    this.lastBeatNanos = nanos.getAsLong();
    Sessions.Opening.Opened opened = switch (storage.sessions().open(start)) {
      case Sessions.Opening.Opened it -> it;
      case Sessions.Opening.Refused refused -> throw new StorageHeld(refused.holder());
    };
    this.id = opened.session();
    this.since = opened.at();
    this.time = new StorageTime(opened.at(), nanos);
  }

  /** The storage's clock, as far as the heartbeats tell. */
  StorageTime time() {
    return time;
  }

  SessionId id() {
    return id;
  }

  /** When the session began, by the storage's clock. */
  Instant since() {
    return since;
  }

  boolean isOver() {
    return over;
  }

  /** When the last answered heartbeat was sent, by the monotonic clock. */
  long lastBeatNanos() {
    return lastBeatNanos;
  }

  /** The session as a candidate for the lead; none while it is over. */
  Optional<Candidate> candidate() {
    return over ? Optional.empty() : Optional.of(new Candidate(id, start.node()));
  }

  /** Whether this session is the one that lives. */
  boolean isCurrent(SessionId session) {
    return !over && id.equals(session);
  }

  /** Is called when a new session has begun. */
  void onBegun(Runnable callback) {
    this.begun = callback;
  }

  /** Is told what each heartbeat hears; must not block. */
  void onSight(Consumer<Sight> callback) {
    watchers.add(callback);
  }

  /** Each heartbeat renews this lead, while it is one. */
  void renews(Lead ofThisNode) {
    this.lead = ofThisNode;
  }

  /** Something may have been asked of its runs: beats at once. */
  void wake() {
    waker.run();
  }

  /** A claim found this session ended, or it was too long without a heartbeat. */
  void isOverNow(SessionId ended) {
    if (id.equals(ended)) {
      over = true;
      waker.run();
    }
  }

  @Override
  public String name() {
    return "session";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  @Override
  public Duration tick() {
    if (!over) {
      beat();
    }
    if (over) {
      beginAnew();
    }
    return heartbeat;
  }

  private void beat() {
    Lead own = lead;
    Renewal renewal = own == null ? null : own.renewal();
    long sent = time.nanos();
    NodeLoad load = new NodeLoad(worker.freeSlots(), isDraining.getAsBoolean());
    switch (storage.sessions().beat(id, load, renewal)) {
      case Sessions.Pulse.Alive alive -> {
        lastBeatNanos = sent;
        time.sync(alive.now());
        alive.cancelAsked().forEach(worker::cancelAsked);
        alive.revoked().forEach(worker::revoked);
        Sight sight = new Sight(alive.outlook(), sent);
        if (own != null) {
          own.see(sight, renewal, alive.renewed());
        }
        watchers.forEach(one -> one.accept(sight));
      }
      case Sessions.Pulse.Over ignored -> {
        over = true;
        LOG.atWarn()
            .addKeyValue("node", start.node())
            .addKeyValue("session", id)
            .log("the session is over; its handlers are stopped and a new one is begun");
      }
    }
  }

  private void beginAnew() {
    worker.fence();
    if (!isOpening && isSucceeded()) {
      refused("a newer process with the id of this node");
      return;
    }
    long sent = time.nanos();
    // When the answer is lost, the newest session of this node may be its own.
    isOpening = true;
    Sessions.Opening opening = storage.sessions().open(start);
    isOpening = false;
    switch (opening) {
      case Sessions.Opening.Opened opened -> {
        id = opened.session();
        since = opened.at();
        time.sync(opened.at());
        lastBeatNanos = sent;
        over = false;
        holder = "";
        begun.run();
      }
      case Sessions.Opening.Refused refused -> refused(refused.holder());
    }
  }

  /** Whether another process has begun a session under the id of this node, and has it still. */
  private boolean isSucceeded() {
    Instant now = storage.transact(StorageTx::now);
    return storage.sessions().nodes().stream()
        .anyMatch(view -> view.profile().node().equals(start.node())
            && view.session().value() > id.value()
            && view.profile().condition() != NodeCondition.DEAD
            // If it died, there may be no leader left to end its session.
            && view.heartbeatAt().plus(start.timeToLive()).isAfter(now));
  }

  /** Said once, however long it lasts. */
  private void refused(String by) {
    if (!by.equals(holder)) {
      holder = by;
      LOG.atWarn()
          .addKeyValue("node", start.node())
          .addKeyValue("holder", by)
          .log("no session can be begun while somebody else holds what it needs; trying again");
    }
  }
}
