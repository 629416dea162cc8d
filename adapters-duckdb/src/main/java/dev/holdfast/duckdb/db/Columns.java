package dev.holdfast.duckdb.db;

import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.duckdb.user.DuckDBUserArray;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one statement as columns: lists for {@code unnest}. A statement costs about the same
 * for one row and for hundreds.
 */
public final class Columns {

  private Columns() {}

  /**
   * Binds {@code :tasks}, each once, and {@code :born}, the times of their ids. A join over both
   * skips the row groups of other times; a join over the ids alone reads the whole column.
   */
  public static <S extends SqlStatement<S>> S bindTasks(S statement, Collection<TaskId> tasks) {
    List<TaskId> each = tasks.stream().distinct().toList();
    return statement.bind("tasks", ids(each, task -> task)).bind("born", born(each, task -> task));
  }

  /** The first 48 bits of an id: the time when it was made. */
  public static long bornMs(TaskId task) {
    return task.value().getMostSignificantBits() >>> 16;
  }

  /** {@link #bornMs} of each row's task. */
  public static <R> Argument born(Collection<R> rows, Function<? super R, TaskId> value) {
    return of("BIGINT", rows, row -> bornMs(value.apply(row)));
  }

  /** One value of each row. */
  public static <R> Argument ids(Collection<R> rows, Function<? super R, @Nullable TaskId> value) {
    return of("UUID", rows, row -> {
      TaskId task = value.apply(row);
      return task == null ? null : task.value();
    });
  }

  /** One value of each row. */
  public static <R> Argument texts(
      Collection<R> rows, Function<? super R, @Nullable String> value) {
    return of("VARCHAR", rows, value);
  }

  /** One value of each row. */
  public static <R> Argument ints(
      Collection<R> rows, Function<? super R, @Nullable Integer> value) {
    return of("INTEGER", rows, value);
  }

  /** One value of each row. */
  public static <R> Argument longs(Collection<R> rows, Function<? super R, @Nullable Long> value) {
    return of("BIGINT", rows, value);
  }

  /** One value of each row. */
  public static <R> Argument doubles(
      Collection<R> rows, Function<? super R, @Nullable Double> value) {
    return of("DOUBLE", rows, value);
  }

  /** One value of each row. */
  public static <R> Argument booleans(
      Collection<R> rows, Function<? super R, @Nullable Boolean> value) {
    return of("BOOLEAN", rows, value);
  }

  /** One value of each row. */
  public static <R> Argument instants(
      Collection<R> rows, Function<? super R, @Nullable Instant> value) {
    return of("BIGINT", rows, row -> Cells.micros(value.apply(row)));
  }

  private static <R> Argument of(
      String type, Collection<R> rows, Function<? super R, ? extends @Nullable Object> value) {
    @Nullable Object[] elements = new @Nullable Object[rows.size()];
    int i = 0;
    for (R row : rows) {
      elements[i++] = value.apply(row);
    }
    DuckDBUserArray array = new DuckDBUserArray(type, elements);
    return (position, statement, context) -> statement.setArray(position, array);
  }
}
