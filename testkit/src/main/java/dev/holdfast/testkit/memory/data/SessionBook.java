package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions, ended ones included. */
public final class SessionBook {

  private final Table<Long, Row> sessions;
  private long last;

  SessionBook(Journal journal) {
    sessions = new Table<>(journal, Comparator.naturalOrder());
  }

  /** One session; {@code isGone} when its process has died. */
  public record Row(
      SessionId id,
      NodeStart start,
      NodeLoad load,
      Instant startedAt,
      Instant heartbeatAt,
      @Nullable Instant endedAt,
      boolean isGone) {

    /** Whether it was not ended. */
    public boolean isOpen() {
      return endedAt == null;
    }

    /** Whether its heartbeat is younger than its time to live. */
    public boolean isFresh(Instant now) {
      return heartbeatAt.plus(start.timeToLive()).isAfter(now);
    }

    /** Whether others still count on it. */
    public boolean isStale(Instant now) {
      return !heartbeatAt.plus(start.staleAfter()).isAfter(now);
    }

    Row beaten(NodeLoad newLoad, Instant now) {
      return new Row(id, start, newLoad, startedAt, now, endedAt, false);
    }

    Row ended(Instant now) {
      return new Row(id, start, load, startedAt, heartbeatAt, now, isGone);
    }
  }

  /** Begins a session. */
  public Row open(NodeStart start, Instant now) {
    SessionId id = new SessionId(++last);
    Row row = new Row(id, start, new NodeLoad(start.slots(), false), now, now, null, false);
    sessions.put(id.value(), row);
    return row;
  }

  /** The session, or null when there is none. */
  public @Nullable Row find(SessionId session) {
    return sessions.get(session.value());
  }

  /** Every session, oldest first. */
  public Collection<Row> all() {
    return sessions.values();
  }

  /** The sessions that were not ended, oldest first. */
  public List<Row> open() {
    return sessions.values().stream().filter(Row::isOpen).toList();
  }

  /** Writes a heartbeat. */
  public void beat(Row row, NodeLoad load, Instant now) {
    sessions.put(row.id().value(), row.beaten(load, now));
  }

  /** The process of a session has died. */
  public void die(Row row) {
    sessions.put(
        row.id().value(),
        new Row(row.id(), row.start(), row.load(), row.startedAt(), row.heartbeatAt(), null, true));
  }

  /** Ends a session. */
  public void end(Row row, Instant now) {
    sessions.put(row.id().value(), row.ended(now));
  }

  /** Forgets a session. */
  public void remove(Row row) {
    sessions.remove(row.id().value());
  }

  /** The node that a session belongs to; null when there is no such session. */
  public @Nullable NodeId node(@Nullable SessionId session) {
    Row row = session == null ? null : find(session);
    return row == null ? null : row.start().node();
  }
}
