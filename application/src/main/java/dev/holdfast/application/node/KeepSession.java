package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
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
  private volatile Runnable waker = () -> {};
  private volatile Runnable begun = () -> {};
  private String holder = "";

  KeepSession(
      Storage storage,
      NodeStart start,
      Sessions.Opening.Opened opened,
      Worker worker,
      StorageTime time,
      Duration heartbeat,
      BooleanSupplier isDraining) {
    this.storage = storage;
    this.start = start;
    this.id = opened.session();
    this.since = opened.at();
    this.worker = worker;
    this.time = time;
    this.heartbeat = heartbeat;
    this.isDraining = isDraining;
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

  /** Whether this session is the one that lives. */
  boolean isCurrent(SessionId session) {
    return !over && id.equals(session);
  }

  /** Is called when a new session has begun. */
  void onBegun(Runnable callback) {
    this.begun = callback;
  }

  /** A claim found the session ended. */
  void isOverNow() {
    over = true;
    waker.run();
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
      NodeLoad load = new NodeLoad(worker.freeSlots(), isDraining.getAsBoolean());
      switch (storage.sessions().beat(id, load)) {
        case Sessions.Pulse.Alive alive -> {
          time.sync(alive.now());
          alive.cancelAsked().forEach(worker::cancelAsked);
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
    if (over) {
      beginAnew();
    }
    return heartbeat;
  }

  private void beginAnew() {
    worker.fence();
    switch (storage.sessions().open(start)) {
      case Sessions.Opening.Opened opened -> {
        id = opened.session();
        since = opened.at();
        time.sync(opened.at());
        over = false;
        holder = "";
        begun.run();
      }
      case Sessions.Opening.Refused refused -> refused(refused.holder());
    }
  }

  /** Said once, however long it lasts. */
  private void refused(String by) {
    if (!by.equals(holder)) {
      holder = by;
      LOG.atWarn()
          .addKeyValue("node", start.node())
          .addKeyValue("holder", by)
          .log("the storage is held by somebody else; trying again");
    }
  }
}
