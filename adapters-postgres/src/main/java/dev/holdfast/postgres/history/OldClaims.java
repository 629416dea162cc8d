package dev.holdfast.postgres.history;

import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.time.Duration;
import java.util.Optional;

/** Passes once along the old claims and removes those whose tasks are all gone. */
final class OldClaims {

  private final Database database;
  private long reached;

  OldClaims(Database database) {
    this.database = database;
  }

  // A claim names up to some hundred tasks.
  private static final String SWEEP = """
      WITH old AS MATERIALIZED (
        SELECT id, tasks FROM claim
         WHERE id > :reached AND at < clock() - :age * interval '1 microsecond'
         ORDER BY id LIMIT 100),
      d AS (
        DELETE FROM claim c USING old
         WHERE c.id = old.id AND NOT EXISTS (
                 SELECT FROM unnest(old.tasks) u(id)
                  CROSS JOIN LATERAL (SELECT FROM task WHERE id = u.id OFFSET 0) t))
      SELECT max(id) AS reached FROM old
      """;

  /** Whether there may be more. */
  boolean sweep(Duration age) {
    Optional<Long> last = database.transact(handle -> handle
        .createQuery(SWEEP)
        .bind("reached", reached)
        .bind("age", age.toNanos() / 1000)
        .map((set, context) -> Optional.ofNullable(new Row(set).optionalNumber("reached")))
        .one());
    last.ifPresent(id -> reached = id);
    return last.isPresent();
  }
}
