package dev.holdfast.duckdb.writer;

import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.Lanes;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.row.Seat;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The one open transaction that may write. Belongs to the thread that holds the writer's lock.
 *
 * <p>It remembers the seats of the tasks it has met, so that putting a task somewhere else needs no
 * look at the table of tasks.
 */
public final class Transaction {

  private final Handle handle;
  private final InstantSource clock;
  private final Lanes lanes;
  private final Counters counters;
  private final Map<TaskId, Seat> seats = new HashMap<>();
  private final List<Lane> newLanes = new ArrayList<>();
  private boolean closed;
  private boolean isTouched;
  private boolean hasFacts;
  private long removedTo;

  Transaction(Handle handle, InstantSource clock, Lanes lanes, Counters counters) {
    this.handle = handle;
    this.clock = clock;
    this.lanes = lanes;
    this.counters = counters;
  }

  /** The time of the storage's clock, as exact as instants are kept. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** For one statement; the first one begins the transaction. */
  public Handle handle() {
    if (closed) {
      throw new IllegalStateException("the transaction is over");
    }
    isTouched = true;
    return handle;
  }

  /** Whether anything was executed: DuckDB refuses to end a transaction that has not begun. */
  boolean isTouched() {
    return isTouched;
  }

  /** The number that the facts of this transaction carry. */
  public long xid() {
    hasFacts = true;
    return counters.transaction() + 1;
  }

  /** Events of transactions up to this one are not all there any more. */
  public void removed(long newest) {
    removedTo = Math.max(removedTo, newest);
  }

  /** The numbers that only grow. */
  public Counters counters() {
    return counters;
  }

  /** The lanes that exist, those of this transaction among them. */
  public Lanes lanes() {
    return lanes;
  }

  /** Makes sure that these lanes exist. */
  public void createLanes(Collection<LaneKey> wanted) {
    newLanes.addAll(lanes.create(handle(), wanted));
  }

  /** Remembers the seat of a task. */
  public void remember(TaskId task, Seat seat) {
    seats.put(task, seat);
  }

  /** Remembers the seats of the tasks of these rows. */
  public void remember(List<PlaceRows.Row> rows) {
    rows.forEach(row -> remember(row.task(), row.seat()));
  }

  private static final String SEATS = """
      SELECT id, lane, priority, ord
        FROM task
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS id) wanted
       USING (born_ms, id)
      """;

  /** Looks up the seats that are not remembered, all at once. */
  public void learnSeats(Collection<TaskId> tasks) {
    List<TaskId> unknown =
        tasks.stream().filter(task -> !seats.containsKey(task)).distinct().toList();
    if (!unknown.isEmpty()) {
      Columns.bindTasks(handle().createQuery(SEATS), unknown)
          .map((row, context) -> Map.entry(Cells.task(row, "id"), Seat.read(row)))
          .forEach(seat -> remember(seat.getKey(), seat.getValue()));
    }
  }

  /**
   * The seat of a task that {@link #learnSeats} was asked for.
   *
   * @throws IllegalArgumentException if there is no such task
   */
  public Seat seat(TaskId task) {
    Seat seat = seats.get(task);
    if (seat == null) {
      throw new IllegalArgumentException("there is no task " + task);
    }
    return seat;
  }

  /** Lets nobody use it any more. */
  void close() {
    closed = true;
  }

  void committed() {
    counters.removed(removedTo);
    if (hasFacts) {
      counters.committed(counters.transaction() + 1);
    }
  }

  void rolledBack() {
    lanes.remove(newLanes);
  }
}
