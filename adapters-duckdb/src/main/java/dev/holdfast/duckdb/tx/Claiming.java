package dev.holdfast.duckdb.tx;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.row.Seat;
import dev.holdfast.duckdb.row.TaskRows;
import dev.holdfast.duckdb.writer.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands pending tasks to a session. */
record Claiming(Transaction tx, ClaimRequest request) {

  private static final Comparator<PlaceRows.Row> CLAIM_ORDER = Comparator.comparingInt(
          (PlaceRows.Row row) -> row.seat().priority())
      .thenComparingLong(row -> row.seat().order())
      .thenComparing(PlaceRows.Row::task);

  private static final String LOOK = """
      SELECT given.id AS claim, given.claimed_us
        FROM session
        LEFT JOIN claim given
          ON given.session = session.id AND given.request = :request
       WHERE session.id = :session
         AND session.ended_us IS NULL
         AND session.heartbeat_us + session.ttl_us > :now
      """;

  ClaimAnswer claim() {
    Instant now = tx.now();
    Optional<Given> given = tx.handle()
        .createQuery(LOOK)
        .bind("session", request.session().value())
        .bind("request", request.request())
        .bind("now", Cells.micros(now))
        .map((row, context) -> Given.read(row))
        .findOne();
    if (given.isEmpty()) {
      return new ClaimAnswer.SessionOver();
    }
    ClaimId before = given.get().claim();
    return before == null
        ? claimNew(now)
        : new ClaimAnswer.Claimed(given.get().claimedAt(), assignments(stillHeld(before)));
  }

  /** What the request was given before; no claim when it is new. */
  private record Given(@Nullable ClaimId claim, Instant claimedAt) {

    static Given read(ResultSet row) throws SQLException {
      Long claim = Cells.longOrNull(row, "claim");
      return new Given(claim == null ? null : new ClaimId(claim), Cells.instant(row, "claimed_us"));
    }
  }

  private static final String STILL_HELD = """
      SELECT task, lane, priority, ord, run, attempt, v, flags, claim, session, av, started_us,
             deadline_us, cancel_reason, progress_percent, progress_message
        FROM held
       WHERE claim = :claim
      """;

  private List<PlaceRows.Row> stillHeld(ClaimId claim) {
    return tx
        .handle()
        .createQuery(STILL_HELD)
        .bind("claim", claim.value())
        .map((row, context) -> PlaceRows.readHeld(row))
        .stream()
        .sorted(CLAIM_ORDER)
        .toList();
  }

  private static final String TAKE_READY = """
      DELETE FROM ready
       WHERE task IN (
             SELECT task
               FROM ready
              WHERE lane IN (SELECT unnest(:lanes))
              ORDER BY priority, ord, task
              LIMIT :limit)
      RETURNING task, lane, priority, ord, run, attempt, v, flags
      """;

  private ClaimAnswer claimNew(Instant now) {
    List<PlaceRows.Row> ready = tx
        .handle()
        .createQuery(TAKE_READY)
        .bind("lanes", Columns.ints(request.lanes(), Lane::number))
        .bind("limit", request.limit())
        .map((row, context) ->
            new PlaceRows.Row(Seat.read(row), new Place.Ready(PlaceRows.readRun(row))))
        .stream()
        .sorted(CLAIM_ORDER)
        .toList();
    if (ready.isEmpty()) {
      return new ClaimAnswer.Claimed(now, List.of());
    }
    ClaimId claim = new ClaimId(tx.counters().nextClaim());
    List<PlaceRows.Row> held =
        ready.stream().map(row -> hold(row, claim, request.session())).toList();
    tx.remember(held);
    insertClaim(claim, now, held);
    PlaceRows.put(tx.handle(), held);
    return new ClaimAnswer.Claimed(now, assignments(held));
  }

  private static PlaceRows.Row hold(PlaceRows.Row row, ClaimId claim, SessionId session) {
    Place.Ready ready = (Place.Ready) row.place();
    int version = ready.run().version() + 1;
    return new PlaceRows.Row(
        row.seat(), Lifecycle.claim(ready, new Place.Lease(claim, session, version)));
  }

  private static final String INSERT_CLAIM = """
      INSERT INTO claim (id, session, request, claimed_us, size, tasks, lanes, attempts,
             versions, xid)
      VALUES (:id, :session, :request, :now, :size, :tasks, :lanes, :attempts, :versions, :xid)
      """;

  private void insertClaim(ClaimId claim, Instant now, List<PlaceRows.Row> held) {
    tx.handle()
        .createUpdate(INSERT_CLAIM)
        .bind("id", claim.value())
        .bind("session", request.session().value())
        .bind("request", request.request())
        .bind("now", Cells.micros(now))
        .bind("size", held.size())
        .bind("tasks", Columns.ids(held, PlaceRows.Row::task))
        .bind("lanes", Columns.ints(held, row -> row.seat().lane()))
        .bind("attempts", Columns.ints(held, row -> row.place().run().attempt()))
        .bind("versions", Columns.ints(held, row -> row.place().run().version()))
        .bind("xid", tx.xid())
        .execute();
  }

  private List<ClaimAnswer.Assignment> assignments(List<PlaceRows.Row> held) {
    List<TaskId> tasks = held.stream().map(PlaceRows.Row::task).toList();
    Map<TaskId, TaskRows.Stored> stored =
        TaskRows.find(tx.handle(), tasks, tx.lanes(), true).stream()
            .collect(toMap(TaskRows.Stored::id, task -> task));
    return held.stream().map(row -> assignment(row, stored.get(row.task()))).toList();
  }

  private static ClaimAnswer.Assignment assignment(
      PlaceRows.Row row, TaskRows.@Nullable Stored task) {
    Objects.requireNonNull(task, () -> "there is no task " + row.task());
    return new ClaimAnswer.Assignment(
        task.definition(), Objects.requireNonNull(task.payload()), (Held) row.place());
  }
}
