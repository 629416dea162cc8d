package dev.holdfast.duckdb.db;

import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cells of result rows as values of the domain. */
public final class Cells {

  private Cells() {}

  /** Microseconds since 1970, as instants are kept; null for null. */
  public static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Reads what {@link #micros} wrote. */
  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Nanoseconds, as durations are kept; null for null. */
  public static @Nullable Long nanos(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos();
  }

  /** A value that is there. */
  public static TaskId task(ResultSet row, String column) throws SQLException {
    return new TaskId((UUID) Objects.requireNonNull(row.getObject(column), column));
  }

  /** A value or a gap. */
  public static @Nullable TaskId taskOrNull(ResultSet row, String column) throws SQLException {
    Object value = row.getObject(column);
    return value == null ? null : new TaskId((UUID) value);
  }

  /** A value that is there. */
  public static String text(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getString(column), column);
  }

  /** A list that is there. */
  public static List<String> texts(ResultSet row, String column) throws SQLException {
    return Arrays.stream(list(row, column)).map(Object::toString).toList();
  }

  /** A cell that holds a list. */
  public static Object[] list(ResultSet row, String column) throws SQLException {
    Array array = Objects.requireNonNull(row.getArray(column), column);
    return (Object[]) array.getArray();
  }

  /** A value that is there. */
  public static Instant instant(ResultSet row, String column) throws SQLException {
    return instant(row.getLong(column));
  }

  /** A value or a gap. */
  public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    Long micros = longOrNull(row, column);
    return micros == null ? null : instant(micros);
  }

  /** A value or a gap. */
  public static @Nullable Duration durationOrNull(ResultSet row, String column)
      throws SQLException {
    Long nanos = longOrNull(row, column);
    return nanos == null ? null : Duration.ofNanos(nanos);
  }

  /** A value or a gap. */
  public static @Nullable Json jsonOrNull(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : new Json(text);
  }

  /** A value or a gap. */
  public static @Nullable SessionId sessionOrNull(ResultSet row, String column)
      throws SQLException {
    Long session = longOrNull(row, column);
    return session == null ? null : new SessionId(session);
  }

  /** The progress that a row tells, or a gap. */
  public static @Nullable Progress progressOrNull(ResultSet row) throws SQLException {
    Double percent = doubleOrNull(row, "progress_percent");
    return percent == null ? null : new Progress(percent, row.getString("progress_message"));
  }

  /** A value or a gap. */
  public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** A value or a gap. */
  public static @Nullable Integer intOrNull(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  private static @Nullable Double doubleOrNull(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? null : value;
  }
}
