package dev.holdfast.postgres.history;

import dev.holdfast.domain.port.Upkeep.Cleared;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes partitions of which nothing is needed any more: looks at one without a lock, removes what
 * is kept of its tasks elsewhere, takes it out if nothing has happened to it since, and drops it.
 * What a crash leaves in between, the next look finds. Safe for concurrent use, also by others.
 */
public final class OldRanges {

  private static final Logger LOG = LoggerFactory.getLogger(OldRanges.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

  /** A range whose last task ends later than this after it was due is removed row by row. */
  private static final Duration WORTH_WAITING = Duration.ofDays(2);

  /** Tries to get the locks, before it is looked again whether it should. */
  private static final int TRIES = 20;

  private final Database pooled;
  private final Database aside;
  private final Map<String, Instant> notBefore = new HashMap<>();
  private @Nullable Leftovers current;
  private @Nullable OldClaims claims;
  private int tries;

  /**
   * In the schema of one database.
   *
   * @param aside for what takes long and must not hold a pooled connection
   */
  public OldRanges(Database pooled, Database aside) {
    this.pooled = pooled;
    this.aside = aside;
    this.claims = new OldClaims(pooled);
  }

  /** Does the next piece; each but the look itself is short. */
  public synchronized Cleared clear(Duration age) {
    if (drop() || sweepClaims(age)) {
      return Cleared.MORE;
    }
    Leftovers leftovers = current;
    if (leftovers == null) {
      current = next(age);
      return current == null ? Cleared.NOTHING : Cleared.MORE;
    }
    return leftovers.remove() ? Cleared.MORE : detach(leftovers.survey());
  }

  private static final String DROP = """
      SELECT coalesce(drop_range(), '') AS name
      """;

  private boolean drop() {
    String name = pooled.transact(handle -> handle
        .createQuery(DROP)
        .map((set, context) -> new Row(set).text("name"))
        .one());
    if (name.isEmpty()) {
      return false;
    }
    LOG.atInfo().addKeyValue("partition", name).log("dropped a partition");
    claims = new OldClaims(pooled);
    return true;
  }

  private boolean sweepClaims(Duration age) {
    OldClaims old = claims;
    if (old != null && !old.sweep(age)) {
      claims = null;
    }
    return claims != null;
  }

  private static final String DUE = """
      SELECT name, lower, upper FROM history_range
       WHERE NOT detached AND upper <= first_id(clock() - :age * interval '1 microsecond')
       ORDER BY lower
      """;

  private @Nullable Leftovers next(Duration age) {
    List<Range> due = pooled.single(handle -> handle
        .createQuery(DUE)
        .bind("age", age.toNanos() / 1000)
        .map((set, context) -> Range.of(new Row(set)))
        .list());
    for (Range range : due) {
      Instant wait = notBefore.get(range.name());
      if (wait == null || !now().isBefore(wait)) {
        Survey survey = aside.snapshot(handle -> Survey.of(handle, range));
        if (mayGo(survey, age)) {
          tries = 0;
          return new Leftovers(pooled, survey);
        }
      }
    }
    return null;
  }

  private Instant now() {
    return pooled.single(handle -> handle
        .createQuery("SELECT clock() AS now")
        .map((set, context) -> new Row(set).instant("now"))
        .one());
  }

  private boolean mayGo(Survey survey, Duration age) {
    Instant newest = survey.newest();
    Instant due = newest == null ? survey.now() : newest.plus(age);
    if (survey.live()) {
      keep(survey, survey.now().plus(BETWEEN_LOOKS), true);
    } else if (due.isAfter(survey.now())) {
      keep(survey, due, due.isAfter(survey.now().plus(WORTH_WAITING)));
    } else if (survey.newestXid() >= survey.horizon()) {
      keep(survey, survey.now(), false);
    } else {
      return true;
    }
    return false;
  }

  private static final String SPARSE = """
      UPDATE history_range SET sparse = true WHERE name = :name AND NOT sparse
      """;

  private void keep(Survey survey, Instant until, boolean sparse) {
    String name = survey.range().name();
    notBefore.put(name, until);
    if (sparse) {
      pooled.transact(handle -> handle.createUpdate(SPARSE).bind("name", name).execute());
    }
  }

  private Cleared detach(Survey survey) {
    String done = pooled.transact(handle -> detach(handle, survey));
    if (!done.equals("locked") || ++tries == TRIES) {
      current = null;
    }
    return switch (done) {
      case "out" -> new Cleared(survey.tallies(), true);
      case "used" -> Cleared.MORE;
      default -> Cleared.NOTHING;
    };
  }

  private static final String DETACH = """
      SELECT detach_range(:name, :horizon) AS done
      """;
  private static final String COUNT = """
      INSERT INTO stat_delta(queue, state, n, at)
      SELECT queue, state, -n, clock() FROM unnest(:queues, :states, :numbers) i(queue, state, n)
      """;

  private static String detach(Handle handle, Survey survey) {
    String done = handle
        .createQuery(DETACH)
        .bind("name", survey.range().name())
        .bind("horizon", survey.horizon())
        .map((set, context) -> new Row(set).text("done"))
        .one();
    if (done.equals("out")) {
      var update = handle.createUpdate(COUNT);
      Columns.of(update, survey.ended())
          .texts("queues", some -> some.queue().value())
          .texts("states", some -> some.state().code())
          .longs("numbers", Survey.Ended::tasks);
      update.execute();
      PostgresHistory.moveStart(handle, survey.newestXid());
    }
    return done;
  }
}
