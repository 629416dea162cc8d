package dev.holdfast.postgres.history;

import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * A partition of the tables that keep what was.
 *
 * @param lower the least id that can be in it
 * @param upper the least id behind it
 */
record Range(String name, UUID lower, UUID upper) {

  static Range of(Row row) throws SQLException {
    return new Range(row.text("name"), row.uuid("lower"), row.uuid("upper"));
  }

  // What is removed row by row is not among them.
  private static final String WHOLE = """
      SELECT name, lower, upper FROM history_range WHERE NOT sparse AND NOT detached ORDER BY lower
      """;

  /** Those that will be removed whole, in order. */
  static List<Range> whole(Handle handle) {
    return handle.createQuery(WHOLE).map((set, context) -> of(new Row(set))).list();
  }

  <S extends SqlStatement<S>> S bind(S statement) {
    return statement.bind("lower", lower).bind("upper", upper);
  }
}
