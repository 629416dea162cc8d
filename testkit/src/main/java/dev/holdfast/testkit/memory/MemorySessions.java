package dev.holdfast.testkit.memory;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.memory.data.SessionBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The nodes and their sessions. */
record MemorySessions(World world, MemoryElections elections) implements Sessions {

  @Override
  public Opening open(NodeStart start) {
    return world.write(() -> {
      Optional<NodeId> holder = exclusiveOther(start.node());
      return holder.isPresent()
          ? new Opening.Refused("node " + holder.get())
          : opened(start, world.now());
    });
  }

  private Opening opened(NodeStart start, Instant now) {
    for (SessionBook.Row row : world.sessions().open()) {
      if (start.exclusive() || row.start().node().equals(start.node())) {
        world.sessions().end(row, now);
      }
    }
    return new Opening.Opened(world.sessions().open(start, now).id(), now);
  }

  private Optional<NodeId> exclusiveOther(NodeId node) {
    return world.sessions().open().stream()
        .filter(row -> row.start().exclusive())
        .map(row -> row.start().node())
        .filter(holder -> !holder.equals(node))
        .findFirst();
  }

  @Override
  public Pulse beat(SessionId session, NodeLoad load, @Nullable Renewal renewal) {
    return world.write(() -> {
      SessionBook.Row row = world.sessions().find(session);
      if (row == null || !row.isOpen()) {
        return new Pulse.Over();
      }
      Instant now = world.now();
      world.sessions().beat(row, load, now);
      Instant since = now.minus(row.start().timeToLive());
      boolean renewed = renewal != null && elections.renewNow(renewal.term(), renewal.lease());
      return new Pulse.Alive(
          now,
          cancelAsked(session),
          world.facts().revoked(session, since),
          renewed,
          new MemoryOutlook(world).of(row, elections.leaderNow(), now, renewal != null));
    });
  }

  private List<RunKey> cancelAsked(SessionId session) {
    return world.places().heldBy(session, Integer.MAX_VALUE).stream()
        .filter(held -> held.cancelReason() != null)
        .map((Held held) -> held.run().key())
        .toList();
  }

  @Override
  public void end(SessionId session) {
    world.write(() -> {
      SessionBook.Row row = world.sessions().find(session);
      if (row != null && row.isOpen()) {
        world.sessions().end(row, world.now());
      }
      return true;
    });
  }

  @Override
  public List<SessionId> lost(int limit) {
    return world.write(() -> {
      Instant now = world.now();
      world.sessions().open().stream()
          .filter(row -> !row.isFresh(now))
          .forEach(row -> world.sessions().end(row, now));
      return world.sessions().all().stream()
          .filter(row -> !row.isOpen())
          .map(SessionBook.Row::id)
          .filter(id -> !world.places().heldBy(id, 1).isEmpty())
          .limit(limit)
          .toList();
    });
  }

  @Override
  public List<SessionId> vanished() {
    return world.read(() -> world.sessions().open().stream()
        .filter(SessionBook.Row::isGone)
        .map(SessionBook.Row::id)
        .toList());
  }

  @Override
  public boolean endVanished(SessionId session) {
    return world.write(() -> {
      SessionBook.Row row = world.sessions().find(session);
      if (row == null || !row.isOpen() || !row.isGone()) {
        return false;
      }
      world.sessions().end(row, world.now());
      return true;
    });
  }

  /** The process of these sessions has died; whoever looks for it finds it gone. */
  void die(NodeId node) {
    world.write(() -> {
      world.sessions().open().stream()
          .filter(row -> row.start().node().equals(node))
          .forEach(world.sessions()::die);
      return true;
    });
  }

  @Override
  public List<NodeView> nodes() {
    return world.read(() -> {
      Map<NodeId, NodeView> newest = new TreeMap<>();
      Instant now = world.now();
      world.sessions().all().forEach(row -> newest.put(row.start().node(), view(row, now)));
      return List.copyOf(newest.values());
    });
  }

  private static NodeView view(SessionBook.Row row, Instant now) {
    NodeStart start = row.start();
    NodeProfile profile = new NodeProfile(
        start.node(),
        start.labels(),
        start.types(),
        condition(row, now),
        row.load().freeSlots());
    return new NodeView(
        profile,
        row.id(),
        start.address(),
        start.mode() == NodeStart.Mode.OBSERVER,
        start.slots(),
        row.startedAt(),
        row.heartbeatAt());
  }

  private static NodeCondition condition(SessionBook.Row row, Instant now) {
    if (!row.isOpen()) {
      return NodeCondition.DEAD;
    }
    if (row.isStale(now)) {
      return NodeCondition.STALE;
    }
    if (row.start().mode() == NodeStart.Mode.OBSERVER) {
      return NodeCondition.OBSERVER;
    }
    return row.load().draining() ? NodeCondition.DRAINING : NodeCondition.HEALTHY;
  }
}
