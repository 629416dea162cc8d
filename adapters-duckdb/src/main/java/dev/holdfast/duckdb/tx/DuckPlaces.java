package dev.holdfast.duckdb.tx;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The places where live tasks wait. */
public record DuckPlaces(Transaction tx) implements Places {

  @Override
  public void put(Collection<? extends Place> places) {
    List<TaskId> tasks = new ArrayList<>();
    for (Place place : places) {
      if (place instanceof Place.Held) {
        throw new IllegalArgumentException("only a claim holds, not " + place);
      }
      tasks.add(place.run().task());
    }
    if (!tasks.isEmpty()) {
      tx.learnSeats(tasks);
      PlaceRows.put(tx.handle(), places.stream().map(this::seated).toList());
    }
  }

  private PlaceRows.Row seated(Place place) {
    return new PlaceRows.Row(tx.seat(place.run().task()), place);
  }

  @Override
  public List<Place> takeWaiting(Collection<TaskId> tasks) {
    List<PlaceRows.Row> waiting = PlaceRows.find(tx.handle(), tasks).stream()
        .filter(row -> !(row.place() instanceof Place.Held))
        .toList();
    return take(waiting);
  }

  private List<Place> take(List<PlaceRows.Row> rows) {
    tx.remember(rows);
    PlaceRows.remove(tx.handle(), rows);
    return rows.stream().map(PlaceRows.Row::place).toList();
  }

  private static final String DUE = """
      SELECT task, due_us AS at_us
        FROM scheduled
       WHERE due_us <= :now
       UNION ALL
      SELECT task, wake_us AS at_us
        FROM suspended
       WHERE wake_us <= :now
       ORDER BY at_us, task
       LIMIT :limit
      """;

  @Override
  public List<Place> takeDue(int limit) {
    List<TaskId> due = tx.handle()
        .createQuery(DUE)
        .bind("now", Cells.micros(tx.now()))
        .bind("limit", limit)
        .map((row, context) -> Cells.task(row, "task"))
        .list();
    Map<TaskId, PlaceRows.Row> found =
        PlaceRows.find(tx.handle(), due).stream().collect(toMap(PlaceRows.Row::task, identity()));
    return take(due.stream().map(found::get).map(Objects::requireNonNull).toList());
  }

  private static final String MARK_READY = """
      UPDATE ready
         SET flags = flags | :flags
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String MARK_SCHEDULED = """
      UPDATE scheduled
         SET flags = flags | :flags
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String MARK_BLOCKED = """
      UPDATE blocked
         SET flags = flags | :flags
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String MARK_SUSPENDED = """
      UPDATE suspended
         SET flags = flags | :flags
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String MARK_HELD = """
      UPDATE held
         SET flags = flags | :flags
       WHERE task IN (SELECT unnest(:tasks))
      """;

  @Override
  public Set<TaskId> mark(Collection<TaskId> tasks, Marks marks) {
    List<PlaceRows.Row> placed = PlaceRows.find(tx.handle(), tasks);
    placed.stream()
        .map(row -> statement(row.place()))
        .distinct()
        .forEach(update -> tx.handle()
            .createUpdate(update)
            .bind("flags", marks.bits())
            .bind("tasks", Columns.ids(placed, PlaceRows.Row::task))
            .execute());
    return placed.stream().map(PlaceRows.Row::task).collect(toSet());
  }

  private static String statement(Place place) {
    return switch (place) {
      case Place.Ready ready -> MARK_READY;
      case Place.Scheduled scheduled -> MARK_SCHEDULED;
      case Place.Blocked blocked -> MARK_BLOCKED;
      case Place.Suspended suspended -> MARK_SUSPENDED;
      case Place.Held held -> MARK_HELD;
    };
  }

  private static final String DROP_EXPIRIES = """
      DELETE FROM expiry
       WHERE task IN (SELECT unnest(:tasks))
      """;

  private static final String ADD_EXPIRIES = """
      INSERT INTO expiry (task, expires_us)
      SELECT unnest(:tasks), unnest(:instants)
      """;

  @Override
  public void expireAt(Map<TaskId, Instant> instants) {
    if (!instants.isEmpty()) {
      dropExpiries(instants.keySet());
      tx.handle()
          .createUpdate(ADD_EXPIRIES)
          .bind("tasks", Columns.ids(instants.entrySet(), Map.Entry::getKey))
          .bind("instants", Columns.instants(instants.entrySet(), Map.Entry::getValue))
          .execute();
    }
  }

  private void dropExpiries(Collection<TaskId> tasks) {
    tx.handle()
        .createUpdate(DROP_EXPIRIES)
        .bind("tasks", Columns.ids(tasks, task -> task))
        .execute();
  }

  private static final String EXPIRED = """
      SELECT task
        FROM expiry
       WHERE expires_us <= :now
       ORDER BY expires_us, task
       LIMIT :limit
      """;

  @Override
  public List<TaskId> takeExpired(int limit) {
    List<TaskId> expired = tx.handle()
        .createQuery(EXPIRED)
        .bind("now", Cells.micros(tx.now()))
        .bind("limit", limit)
        .map((row, context) -> Cells.task(row, "task"))
        .list();
    if (!expired.isEmpty()) {
      dropExpiries(expired);
    }
    return expired;
  }
}
