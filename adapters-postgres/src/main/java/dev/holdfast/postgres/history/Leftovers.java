package dev.holdfast.postgres.history;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What belongs to the tasks of a range and is not in its tables; removed before these are. */
final class Leftovers {

  private final Database database;
  private final Survey survey;
  private UUID keysReached;
  private boolean keysLeft;

  Leftovers(Database database, Survey survey) {
    this.database = database;
    this.survey = survey;
    this.keysReached = survey.range().lower();
    this.keysLeft = survey.hasKeys();
  }

  Survey survey() {
    return survey;
  }

  /** Removes a bounded number of rows; whether there may be more. */
  boolean remove() {
    if (keysLeft) {
      keysLeft = removeKeys();
      return true;
    }
    return REMOVALS.stream().anyMatch(sql -> removed(sql) > 0);
  }

  private static final String KEYS = """
      WITH k AS MATERIALIZED (
        SELECT t.id, l.ns, t.key FROM task t JOIN lane l ON l.id = t.lane
         WHERE t.id > :reached AND t.id < :upper AND t.key IS NOT NULL
         ORDER BY t.id LIMIT 2000),
      d AS (
        DELETE FROM idem x USING k WHERE x.ns = k.ns AND x.key = k.key AND x.task = k.id)
      SELECT id FROM k ORDER BY id DESC LIMIT 1
      """;

  private boolean removeKeys() {
    Optional<UUID> last = database.transact(handle -> handle
        .createQuery(KEYS)
        .bind("reached", keysReached)
        .bind("upper", survey.range().upper())
        .map((set, context) -> new Row(set).uuid("id"))
        .findOne());
    last.ifPresent(id -> keysReached = id);
    return last.isPresent();
  }

  // A dependant that came after the look stays, and so will the range.
  private static final List<String> REMOVALS = List.of("""
      DELETE FROM edge WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM edge e
         WHERE up >= :lower AND up < :upper
           AND (down >= :lower AND down < :upper
                OR NOT EXISTS (SELECT FROM standing s WHERE s.task = e.down AND s.live))
         LIMIT 2000))
      """, """
      DELETE FROM edge WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM edge WHERE down >= :lower AND down < :upper LIMIT 2000))
      """, """
      DELETE FROM expiry WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM expiry WHERE task >= :lower AND task < :upper LIMIT 2000))
      """);

  private int removed(String sql) {
    return database.transact(
        handle -> survey.range().bind(handle.createUpdate(sql)).execute());
  }
}
