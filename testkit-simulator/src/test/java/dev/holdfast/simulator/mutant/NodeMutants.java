package dev.holdfast.simulator.mutant;

import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.simulator.node.Bend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Sessions, recovery, loops and clients that are wrong. */
final class NodeMutants {

  private NodeMutants() {}

  /** What live sessions hold is taken back too. */
  static Storage reapWithoutOwnerCheck(Storage real) {
    return Bent.sessions(real, "lost", (sessions, arguments) -> {
      List<SessionId> lost = new ArrayList<>(sessions.lost((int) arguments[0]));
      sessions.nodes().stream()
          .filter(view -> view.profile().condition() == NodeCondition.HEALTHY)
          .map(NodeView::session)
          .forEach(lost::add);
      return lost;
    });
  }

  /** A lost session is looked after once, and never again when that failed. */
  static Storage oneShotRecovery(Storage real) {
    Set<SessionId> known = new HashSet<>();
    return Bent.sessions(
        real,
        "lost",
        (sessions, arguments) ->
            sessions.lost((int) arguments[0]).stream().filter(known::add).toList());
  }

  /** A new session of a node leaves the old one alive. */
  static Storage sessionReuse(Storage real, AtomicLong names) {
    return Bent.sessions(real, "open", (sessions, arguments) -> {
      NodeStart start = (NodeStart) arguments[0];
      return sessions.open(new NodeStart(
          new NodeId(start.node() + "-" + names.incrementAndGet()),
          start.address(),
          start.labels(),
          start.types(),
          start.slots(),
          start.staleAfter(),
          start.timeToLive(),
          start.mode()));
    });
  }

  /** A heartbeat is answered whether or not its session has ended. */
  static Storage deadSessionsBeat(Storage real) {
    return Bent.sessions(real, "beat", (sessions, arguments) -> {
      Pulse pulse =
          sessions.beat((SessionId) arguments[0], (NodeLoad) arguments[1], (Renewal) arguments[2]);
      return pulse instanceof Pulse.Over ? alive(real) : pulse;
    });
  }

  private static Pulse alive(Storage real) {
    Outlook nothing = new Outlook(null, List.of(), List.of(), false, false, Map.of());
    return new Pulse.Alive(real.transact(StorageTx::now), List.of(), List.of(), false, nothing);
  }

  /** A reader goes on behind what was committed while it read. */
  static Storage cursorTooFar(Storage faulty, Bend.Site site) {
    return Bent.events(faulty, "page", (events, arguments) -> {
      EventPage page = events.page((EventPosition) arguments[0], (int) arguments[1]);
      if (!page.caughtUp()) {
        return page;
      }
      site.hiccup();
      return new EventPage(page.entries(), events.head(), true);
    });
  }

  /** A submission is answered before its commit is known. */
  static Storage acknowledgeBeforeCommit(Storage faulty, Bend.Site site) {
    return Bent.transacting(faulty, work -> {
      if (!site.loop().isEmpty()) {
        return faulty.transact(work);
      }
      Object early = rehearsed(faulty, work);
      try {
        return faulty.transact(work);
      } catch (StorageUnavailable e) {
        return early;
      }
    });
  }

  private static Object rehearsed(Storage storage, Function<StorageTx, Object> work) {
    AtomicReference<Object> answer = new AtomicReference<>();
    try {
      storage.transact(tx -> {
        answer.set(work.apply(tx));
        throw new IllegalStateException("rolled back");
      });
    } catch (IllegalStateException e) {
      return answer.get();
    }
    throw new AssertionError("it was to be rolled back");
  }

  /** Work is looked for when a hint comes, and never else: heartbeats see nothing pending. */
  static Storage noPoll(Storage real) {
    return outlooks(
        real,
        seen -> new Outlook(
            seen.lead(), seen.live(), seen.vanished(), seen.isBusy(), false, seen.dues()));
  }

  /** Heartbeats see nothing that is due. */
  static Storage nothingDue(Storage real) {
    return outlooks(
        real,
        seen -> new Outlook(
            seen.lead(), seen.live(), seen.vanished(), seen.isBusy(), seen.isPending(), Map.of()));
  }

  private static Storage outlooks(Storage real, UnaryOperator<Outlook> bend) {
    return Bent.sessions(
        real,
        "beat",
        (sessions, arguments) -> beat(sessions, arguments) instanceof Pulse.Alive alive
            ? new Pulse.Alive(
                alive.now(),
                alive.cancelAsked(),
                alive.revoked(),
                alive.renewed(),
                bend.apply(alive.outlook()))
            : new Pulse.Over());
  }

  /** A heartbeat says that it renewed the lead, whether or not it did. */
  static Storage renewalsBelieved(Storage faulty) {
    return Bent.sessions(
        faulty,
        "beat",
        (sessions, arguments) -> beat(sessions, arguments) instanceof Pulse.Alive alive
            ? new Pulse.Alive(
                alive.now(), alive.cancelAsked(), alive.revoked(), true, alive.outlook())
            : new Pulse.Over());
  }

  private static Pulse beat(Sessions sessions, Object[] arguments) {
    return sessions.beat((SessionId) arguments[0], (NodeLoad) arguments[1], (Renewal) arguments[2]);
  }

  /** A loop ends with its first failure. */
  static Host loopsDie(Host real) {
    return loops(real, loop -> {
      boolean[] isDead = new boolean[1];
      return new Ticking(loop, tick -> {
        try {
          return isDead[0] ? Duration.ofDays(1) : tick.tick();
        } catch (RuntimeException e) {
          isDead[0] = true;
          return Duration.ofDays(1);
        }
      });
    });
  }

  @SuppressWarnings("unchecked")
  private static Host loops(Host real, UnaryOperator<Loop> bend) {
    var bent = new HashMap<Loop, Loop>();
    Host starting = Bent.replaced(Host.class, real, "start", (host, arguments) -> {
      host.start(bent.computeIfAbsent((Loop) arguments[0], bend));
      return null;
    });
    return Bent.replaced(
        Host.class,
        starting,
        "stop",
        (host, arguments) -> host.stop(
            ((List<Loop>) arguments[0])
                .stream().map(loop -> bent.getOrDefault(loop, loop)).toList(),
            (Duration) arguments[1]));
  }

  private record Ticking(Loop loop, Function<Loop, Duration> tick0) implements Loop {

    @Override
    public String name() {
      return loop.name();
    }

    @Override
    public Duration tick() {
      return tick0.apply(loop);
    }

    @Override
    public void wakeBy(Runnable waker) {
      loop.wakeBy(waker);
    }
  }
}
