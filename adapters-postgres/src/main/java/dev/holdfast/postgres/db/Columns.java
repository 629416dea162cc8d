package dev.holdfast.postgres.db;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

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
    return bind(name, "uuid", UUID[]::new, value);
  }

  /**
   * The first and the last id of rows that are in order, as {@code least} and {@code greatest}: with
   * them a statement touches only the partitions that it needs, which an array does not tell it.
   */
  public Columns<T> uuidBounds(Function<T, UUID> value) {
    statement.bind("least", rows.isEmpty() ? NONE : value.apply(rows.getFirst()));
    statement.bind("greatest", rows.isEmpty() ? NONE : value.apply(rows.getLast()));
    return this;
  }

  /** A column of {@code smallint}. */
  public Columns<T> smallints(String name, ToIntFunction<T> value) {
    return bind(name, "int2", Short[]::new, row -> (short) value.applyAsInt(row));
  }

  /** A column of {@code int}. */
  public Columns<T> ints(String name, Function<T, @Nullable Integer> value) {
    return bind(name, "int4", Integer[]::new, value);
  }

  /** A column of {@code bigint}. */
  public Columns<T> longs(String name, ToLongFunction<T> value) {
    return bind(name, "int8", Long[]::new, value::applyAsLong);
  }

  /** A column of {@code bigint} with gaps. */
  public Columns<T> optionalLongs(String name, Function<T, @Nullable Long> value) {
    return bind(name, "int8", Long[]::new, value);
  }

  /** A column of {@code float8}. */
  public Columns<T> doubles(String name, Function<T, @Nullable Double> value) {
    return bind(name, "float8", Double[]::new, value);
  }

  /** A column of {@code bool}. */
  public Columns<T> booleans(String name, Predicate<T> value) {
    return bind(name, "bool", Boolean[]::new, value::test);
  }

  /** A column of {@code text}. */
  public Columns<T> texts(String name, Function<T, @Nullable String> value) {
    return bind(name, "text", String[]::new, value);
  }

  /** A column of {@code timestamptz}. */
  public Columns<T> instants(String name, Function<T, @Nullable Instant> value) {
    return bind(name, "timestamptz", String[]::new, row -> text(value.apply(row)));
  }

  /**
   * A column of {@code text} whose values are literals of {@code text[]}: unnest flattens an array
   * of arrays, so the statement casts each.
   */
  public Columns<T> lists(String name, Function<T, @Nullable List<@Nullable String>> value) {
    return texts(name, row -> literal(value.apply(row)));
  }

  private <V> Columns<T> bind(
      String name, String type, IntFunction<@Nullable V[]> array, Function<T, @Nullable V> value) {
    Object[] values = rows.stream().map(value).toArray(array);
    Argument argument = (position, prepared, context) ->
        prepared.setArray(position, prepared.getConnection().createArrayOf(type, values));
    statement.bind(name, argument);
    return this;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
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
