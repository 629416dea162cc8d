package dev.holdfast.duckdb.read;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.Nodes;
import dev.holdfast.duckdb.row.NoteRows;
import dev.holdfast.duckdb.row.TaskRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Reads one page of the global stream: of each fact table its first rows behind the position, in
 * the order of the stream. A table that had more says how far the page may go.
 */
final class Stretch {

  private final Handle handle;
  private final EventPosition after;
  private final long head;
  private final int limit;
  private final Nodes nodes;
  private final List<Row> rows = new ArrayList<>();
  private EventPosition end;

  Stretch(Handle handle, EventPosition after, long head, int limit, Nodes nodes) {
    this.handle = handle;
    this.after = after;
    this.head = head;
    this.limit = limit;
    this.nodes = nodes;
    end = EventPosition.behind(after.incarnation(), head);
  }

  /** An event, where it stands, and the lane of its task. */
  record Row(EventPosition position, TaskEvent event, int lane) {}

  List<Row> read() {
    readTasks();
    readClaims();
    readEnds();
    readNotes();
    return rows.stream()
        .filter(row -> row.position().compareTo(after) > 0)
        .filter(row -> row.position().compareTo(end) <= 0)
        .sorted(Comparator.comparing(Row::position))
        .limit(limit)
        .toList();
  }

  // A row that tells nothing behind the position is left out, but for one whose last event cannot
  // be known here: hence one row more than the limit.
  private Query bind(String select) {
    return handle
        .createQuery(select)
        .bind("from", after.transaction())
        .bind("head", head)
        .bind("task", after.task().toString())
        .bind("version", after.version())
        .bind("limit", limit + 1);
  }

  /** A fact of a table, with the version of its first event. */
  private record Told(long transaction, int lane, Fact fact) {}

  private void add(List<Told> facts) {
    facts.forEach(this::add);
    if (facts.size() > limit) {
      Told last = facts.get(facts.size() - 1);
      endAt(position(last.transaction(), last.fact().task(), last.fact().version()));
    }
  }

  private void add(Told told) {
    for (TaskEvent event : Story.of(told.fact())) {
      EventPosition position = position(told.transaction(), event.task(), event.version());
      rows.add(new Row(position, event, told.lane()));
    }
  }

  private void endAt(EventPosition position) {
    if (position.compareTo(end) < 0) {
      end = position;
    }
  }

  private EventPosition position(long transaction, TaskId task, int version) {
    return new EventPosition(after.incarnation(), transaction, task, version);
  }

  private static final String TASKS = """
      SELECT id AS task, lane, flags, created_us, due_us, xid
        FROM task
       WHERE xid BETWEEN :from AND :head
         AND (xid > :from OR id > CAST(:task AS UUID) OR id = CAST(:task AS UUID) AND :version < 2)
       ORDER BY xid, id
       LIMIT :limit
      """;

  private void readTasks() {
    add(bind(TASKS).map((row, context) -> told(row, created(row))).list());
  }

  private static Told told(ResultSet row, Fact fact) throws SQLException {
    return new Told(row.getLong("xid"), row.getInt("lane"), fact);
  }

  private static Fact created(ResultSet row) throws SQLException {
    boolean scheduled = (row.getInt("flags") & TaskRows.BORN_SCHEDULED) != 0;
    return new Fact.Created(
        Cells.task(row, "task"),
        Cells.instant(row, "created_us"),
        scheduled ? Cells.instantOrNull(row, "due_us") : null);
  }

  private static final String ENDS = """
      SELECT task, lane, run, kind, terminal, attempt, v, claim, session, av, started_us, sv,
             ended_us, next_us, NULL AS result, error, xid
        FROM run_end
       WHERE xid BETWEEN :from AND :head
         AND (xid > :from OR task > CAST(:task AS UUID)
              OR task = CAST(:task AS UUID) AND v + 1 > :version)
       ORDER BY xid, task, v
       LIMIT :limit
      """;

  private void readEnds() {
    add(bind(ENDS).map((row, context) -> told(row, ended(EndRows.read(row)))).list());
  }

  private Fact ended(RunEnd end) {
    return new Fact.Ended(end, nodes.of(end.lease() == null ? null : end.lease().session()));
  }

  private static final String NOTES = """
      SELECT task, lane, v, kind, noted_us, attempt, session, progress_percent,
             progress_message, due_us, reason, xid
        FROM note
       WHERE xid BETWEEN :from AND :head
         AND (xid > :from OR task > CAST(:task AS UUID)
              OR task = CAST(:task AS UUID) AND v > :version)
       ORDER BY xid, task, v
       LIMIT :limit
      """;

  private void readNotes() {
    add(bind(NOTES).map((row, context) -> told(row, noted(NoteRows.read(row)))).list());
  }

  private Fact noted(Note note) {
    return new Fact.Noted(note, nodes.of(note.session()));
  }

  // Lists of tasks are read only as far as the page goes.
  private static final String CLAIM_SIZES = """
      SELECT xid, size
        FROM claim
       WHERE xid BETWEEN :from AND :head
       ORDER BY xid
       LIMIT :limit
      """;

  private static final String CLAIMS = """
      SELECT session, claimed_us, tasks, lanes, attempts, versions, xid
        FROM claim
       WHERE xid BETWEEN :from AND :to
      """;

  private record Size(long transaction, int tasks) {}

  private void readClaims() {
    List<Size> sizes = handle
        .createQuery(CLAIM_SIZES)
        .bind("from", after.transaction())
        .bind("head", head)
        .bind("limit", limit + 1)
        .map((row, context) -> new Size(row.getLong("xid"), row.getInt("size")))
        .list();
    if (sizes.isEmpty()) {
      return;
    }
    long to = lastClaim(sizes);
    endAt(to == head ? end : EventPosition.behind(after.incarnation(), to));
    handle
        .createQuery(CLAIMS)
        .bind("from", after.transaction())
        .bind("to", to)
        .map((row, context) -> assigned(row))
        .forEach(facts -> facts.forEach(this::add));
  }

  private long lastClaim(List<Size> sizes) {
    int tasks = 0;
    for (Size size : sizes) {
      tasks += size.transaction() == after.transaction() ? 0 : size.tasks();
      if (tasks >= limit) {
        return size.transaction();
      }
    }
    return sizes.size() > limit ? sizes.get(sizes.size() - 1).transaction() : head;
  }

  private List<Told> assigned(ResultSet row) throws SQLException {
    NodeId node = Objects.requireNonNull(nodes.of(new SessionId(row.getLong("session"))));
    Instant claimedAt = Cells.instant(row, "claimed_us");
    Object[] tasks = Cells.list(row, "tasks");
    Object[] lanes = Cells.list(row, "lanes");
    Object[] attempts = Cells.list(row, "attempts");
    Object[] versions = Cells.list(row, "versions");
    List<Told> facts = new ArrayList<>();
    for (int i = 0; i < tasks.length; i++) {
      Fact fact = new Fact.Assigned(
          new TaskId((UUID) tasks[i]),
          ((Number) versions[i]).intValue(),
          ((Number) attempts[i]).intValue(),
          claimedAt,
          node);
      facts.add(new Told(row.getLong("xid"), ((Number) lanes[i]).intValue(), fact));
    }
    return facts;
  }
}
