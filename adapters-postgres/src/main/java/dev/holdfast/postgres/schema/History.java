package dev.holdfast.postgres.schema;

import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * What was applied to the schema, as Flyway keeps it.
 *
 * @param checksums by version
 */
public record History(SortedMap<Integer, Integer> checksums) {

  /** The table that Flyway keeps it in. */
  public static final String TABLE = "schema_history";

  private static final String IS_THERE = """
      SELECT to_regclass('schema_history') IS NOT NULL AS there
      """;
  private static final String READ = """
      SELECT version, checksum FROM schema_history
       WHERE success AND version IS NOT NULL AND type = 'SQL'
      """;

  /** Reads it; empty where nothing was applied. */
  public static History read(Handle handle) {
    SortedMap<Integer, Integer> checksums = new TreeMap<>();
    if (handle
        .createQuery(IS_THERE)
        .map((set, context) -> new Row(set).flag("there"))
        .one()) {
      handle
          .createQuery(READ)
          .map((set, context) -> entry(new Row(set)))
          .forEach(entry -> checksums.put(entry.getKey(), entry.getValue()));
    }
    return new History(checksums);
  }

  private static Map.Entry<Integer, Integer> entry(Row row) throws SQLException {
    return Map.entry(Integer.valueOf(row.text("version")), row.integer("checksum"));
  }

  /** Whether a version was applied. */
  public boolean has(Script script) {
    return checksums.containsKey(script.version());
  }

  /** Whether nothing is missing. */
  public boolean isComplete() {
    return Script.ALL.stream().allMatch(this::has);
  }

  /** The versions that were applied, the newest first. */
  public List<Script> newestFirst() {
    return Script.ALL.reversed().stream().filter(this::has).toList();
  }

  /**
   * Checks that this program knows what was applied.
   *
   * @throws IllegalStateException if it is newer, or another script was applied
   */
  public History requireKnown() {
    int newest = Script.ALL.getLast().version();
    if (!checksums.isEmpty() && checksums.lastKey() > newest) {
      throw new IllegalStateException("the schema is of version " + checksums.lastKey()
          + ", this program knows versions up to " + newest + ": use a newer program");
    }
    for (Script script : newestFirst()) {
      if (!Objects.equals(checksums.get(script.version()), script.checksum())) {
        throw new IllegalStateException("version " + script.version()
            + " of the schema was applied by another script than this program's: "
            + script.name());
      }
    }
    return this;
  }

  private static final String FORGET = """
      DELETE FROM schema_history WHERE version = :version
      """;

  /** Removes the entry of a version. */
  static void forget(Handle handle, Script script) {
    handle
        .createUpdate(FORGET)
        .bind("version", Integer.toString(script.version()))
        .execute();
  }
}
