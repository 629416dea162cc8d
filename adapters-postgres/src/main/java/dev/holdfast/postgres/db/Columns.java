package dev.holdfast.postgres.db;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/** Binds rows as one array for each column, for a statement to unnest. Belongs to one thread. */
public final class Columns<T> {

  private static final UUID NONE = new UUID(0, 0);

  private final SqlStatement<?> statement;
  private final List<T> rows;

  private Columns(SqlStatement<?> statement, Collection<T> rows) {
    this.statement = statement;
    this.rows = List.copyOf(rows);
  }

  /** Binds these rows to this statement. */
  public static <T> Columns<T> of(SqlStatement<?> statement, Collection<T> rows) {
    return new Columns<>(statement, rows);
  }

  /** A column of {@code uuid}. */
  public Columns<T> uuids(String name, Function<T, @Nullable UUID> value) {
    return bind(name, Oid.UUID, Oid.UUID_ARRAY, value, Wire::uuid);
  }

  /**
   * The first and the last id of rows that are in order, as {@code least} and {@code greatest}:
   * with them a statement touches only the partitions that it needs, which an array does not tell.
   */
  public Columns<T> uuidBounds(Function<T, UUID> value) {
    statement.bind("least", rows.isEmpty() ? NONE : value.apply(rows.getFirst()));
    statement.bind("greatest", rows.isEmpty() ? NONE : value.apply(rows.getLast()));
    return this;
  }

  /** A column of {@code smallint}. */
  public Columns<T> smallints(String name, Function<T, Integer> value) {
    return bind(name, Oid.INT2, Oid.INT2_ARRAY, value, Wire::smallint);
  }

  /** A column of {@code int}. */
  public Columns<T> ints(String name, Function<T, @Nullable Integer> value) {
    return bind(name, Oid.INT4, Oid.INT4_ARRAY, value, Wire::integer);
  }

  /** A column of {@code bigint}. */
  public Columns<T> longs(String name, Function<T, @Nullable Long> value) {
    return bind(name, Oid.INT8, Oid.INT8_ARRAY, value, Wire::bigint);
  }

  /** A column of {@code float8}. */
  public Columns<T> doubles(String name, Function<T, @Nullable Double> value) {
    return bind(name, Oid.FLOAT8, Oid.FLOAT8_ARRAY, value, Wire::real);
  }

  /** A column of {@code bool}. */
  public Columns<T> booleans(String name, Function<T, Boolean> value) {
    return bind(name, Oid.BOOL, Oid.BOOL_ARRAY, value, Wire::bool);
  }

  /** A column of {@code text}. */
  public Columns<T> texts(String name, Function<T, @Nullable String> value) {
    return bind(name, Oid.TEXT, Oid.TEXT_ARRAY, value, Wire::text);
  }

  /** A column of {@code timestamptz}. */
  public Columns<T> instants(String name, Function<T, @Nullable Instant> value) {
    return bind(name, Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY, value, Wire::instant);
  }

  /**
   * A column of {@code text} whose values are literals of {@code text[]}: unnest flattens an array
   * of arrays, so the statement casts each.
   */
  public Columns<T> lists(String name, Function<T, @Nullable List<@Nullable String>> value) {
    return texts(name, row -> literal(value.apply(row)));
  }

  private <V> Columns<T> bind(
      String name,
      int type,
      int arrayType,
      Function<T, @Nullable V> value,
      BiConsumer<Wire, V> write) {
    Wire array = Wire.array(type, rows.size());
    for (T row : rows) {
      array.optional(value.apply(row), write);
    }
    byte[] bytes = array.toBytes();
    Argument argument = (position, prepared, context) -> {
      BaseConnection connection = prepared.getConnection().unwrap(BaseConnection.class);
      prepared.setArray(position, new PgArray(connection, arrayType, bytes));
    };
    statement.bind(name, argument);
    return this;
  }

  private static @Nullable String literal(@Nullable List<@Nullable String> values) {
    if (values == null) {
      return null;
    }
    StringBuilder text = new StringBuilder("{");
    for (String value : values) {
      text.append(text.length() == 1 ? "" : ",").append(value == null ? "NULL" : quoted(value));
    }
    return text.append('}').toString();
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
