package dev.holdfast.postgres.read;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The events, of one task and of all. Safe for concurrent use. */
public final class PostgresEventLog implements EventLog {

  private static final int FIRST_WIDTH = 64;
  private static final int MAX_WIDTH = 1 << 16;
  private static final int MAX_WINDOWS = 64;

  private final Database database;
  private final BlockRanges ranges;

  /** How many transactions the next window spans: a guess that each page corrects. */
  private volatile int width = FIRST_WIDTH;

  /** Reads from this database. */
  public PostgresEventLog(Database database) {
    this.database = database;
    this.ranges = new BlockRanges(database);
  }

  @Override
  public List<TaskEvent> ofTask(TaskId task, int after, int limit) {
    return database.snapshot(handle -> new TaskFacts(handle).events(task, after, limit));
  }

  /** Reads window after window until one gives events, the horizon is met, or it is enough. */
  @Override
  public EventPage page(EventPosition after, int limit) {
    ranges.keepUp();
    EventPosition position = after;
    for (int windows = 1; ; windows++) {
      EventPage page = window(position, limit);
      if (!page.entries().isEmpty() || page.caughtUp() || windows == MAX_WINDOWS) {
        return page;
      }
      position = page.next();
    }
  }

  private EventPage window(EventPosition after, int limit) {
    int span = width;
    return database.snapshot(handle -> {
      Bounds bounds = bounds(handle);
      long from = Math.max(after.transaction(), bounds.start);
      long to = Math.min(from + span, bounds.horizon);
      List<EventPage.Entry> entries = from >= to
          ? List.of()
          : new StreamFacts(handle, bounds.incarnation).entries(after, from, to, limit);
      adapt(span, from, entries, limit);
      return page(after, bounds, to, entries, limit);
    });
  }

  /** A full page says how many transactions fill it; an unfilled one asks for more. */
  private void adapt(int span, long from, List<EventPage.Entry> entries, int limit) {
    if (entries.size() < limit) {
      width = Math.min(span * 2, MAX_WIDTH);
    } else {
      long used = entries.getLast().position().transaction() - from + 1;
      width = (int) Math.max(1, Math.min(used * 2, MAX_WIDTH));
    }
  }

  private static EventPage page(
      EventPosition after, Bounds bounds, long to, List<EventPage.Entry> entries, int limit) {
    if (entries.size() == limit) {
      return new EventPage(entries, entries.getLast().position(), false);
    }
    EventPosition behind = EventPosition.behind(bounds.incarnation, to - 1);
    EventPosition next = behind.compareTo(after) > 0 ? behind : after;
    return new EventPage(entries, next, to >= bounds.horizon);
  }

  @Override
  public EventPosition start() {
    Bounds bounds = database.single(PostgresEventLog::bounds);
    return EventPosition.before(bounds.incarnation, bounds.start);
  }

  @Override
  public EventPosition head() {
    Bounds bounds = database.single(PostgresEventLog::bounds);
    return EventPosition.behind(bounds.incarnation, bounds.horizon - 1);
  }

  @Override
  public boolean isKept(EventPosition position) {
    Bounds bounds = database.single(PostgresEventLog::bounds);
    return position.incarnation() == bounds.incarnation
        && position.transaction() >= bounds.start
        && position.transaction() < bounds.next;
  }

  private static final String BOUNDS = """
      SELECT incarnation() AS incarnation, horizon() AS horizon, xid AS start,
             CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next
        FROM stream_start
      """;

  private static Bounds bounds(Handle handle) {
    return handle
        .createQuery(BOUNDS)
        .map((set, context) -> bounds(new Row(set)))
        .one();
  }

  private static Bounds bounds(Row row) throws SQLException {
    return new Bounds(
        row.number("incarnation"), row.number("start"), row.number("horizon"), row.number("next"));
  }

  /**
   * Where the stream is.
   *
   * @param start its first transaction
   * @param horizon the first transaction that may still be open
   * @param next the first transaction that has not begun
   */
  private record Bounds(long incarnation, long start, long horizon, long next) {}
}
