package dev.holdfast.duckdb;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.task.LaneKey;
import dev.holdfast.domain.value.TaskId;
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
final class DuckTx implements StorageTx {

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

  DuckTx(Handle handle, InstantSource clock, Lanes lanes, Counters counters) {
    this.handle = handle;
    this.clock = clock;
    this.lanes = lanes;
    this.counters = counters;
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public Submissions submissions() {
    return new DuckSubmissions(this);
  }

  @Override
  public Places places() {
    return new DuckPlaces(this);
  }

  @Override
  public Runs runs() {
    return new DuckRuns(this);
  }

  @Override
  public Facts facts() {
    return new DuckFacts(this);
  }

  /** There is one process, so there is no successor to be fenced from. */
  @Override
  public boolean leads(Term term) {
    return true;
  }

  @Override
  public Dependencies dependencies() {
    return new DuckDependencies(this);
  }

  @Override
  public Steps steps() {
    return new DuckSteps(this);
  }

  @Override
  public History history() {
    return new DuckHistory(this);
  }

  /** For one statement; the first one begins the transaction. */
  Handle handle() {
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
  long xid() {
    hasFacts = true;
    return counters.transaction() + 1;
  }

  /** Events of transactions up to this one are not all there any more. */
  void removed(long newest) {
    removedTo = Math.max(removedTo, newest);
  }

  Counters counters() {
    return counters;
  }

  Lanes lanes() {
    return lanes;
  }

  void createLanes(Collection<LaneKey> wanted) {
    newLanes.addAll(lanes.create(handle(), wanted));
  }

  void remember(TaskId task, Seat seat) {
    seats.put(task, seat);
  }

  void remember(List<PlaceRows.Row> rows) {
    rows.forEach(row -> remember(row.task(), row.seat()));
  }

  private static final String SEATS = """
      SELECT id, lane, priority, ord
        FROM task
        JOIN (SELECT unnest(:born) AS born_ms, unnest(:tasks) AS id) wanted
       USING (born_ms, id)
      """;

  /** Looks up the seats that are not remembered, all at once. */
  void learnSeats(Collection<TaskId> tasks) {
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
  Seat seat(TaskId task) {
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
