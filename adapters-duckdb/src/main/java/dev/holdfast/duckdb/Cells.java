package dev.holdfast.duckdb;

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
final class Cells {

  private Cells() {}

  /** Microseconds since 1970, as instants are kept; null for null. */
  static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Reads what {@link #micros} wrote. */
  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Nanoseconds, as durations are kept; null for null. */
  static @Nullable Long nanos(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos();
  }

  static TaskId task(ResultSet row, String column) throws SQLException {
    return new TaskId((UUID) Objects.requireNonNull(row.getObject(column), column));
  }

  static @Nullable TaskId taskOrNull(ResultSet row, String column) throws SQLException {
    Object value = row.getObject(column);
    return value == null ? null : new TaskId((UUID) value);
  }

  static String text(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getString(column), column);
  }

  static List<String> texts(ResultSet row, String column) throws SQLException {
    return Arrays.stream(list(row, column)).map(Object::toString).toList();
  }

  /** A cell that holds a list. */
  static Object[] list(ResultSet row, String column) throws SQLException {
    Array array = Objects.requireNonNull(row.getArray(column), column);
    return (Object[]) array.getArray();
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return instant(row.getLong(column));
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    Long micros = longOrNull(row, column);
    return micros == null ? null : instant(micros);
  }

  static @Nullable Duration durationOrNull(ResultSet row, String column) throws SQLException {
    Long nanos = longOrNull(row, column);
    return nanos == null ? null : Duration.ofNanos(nanos);
  }

  static @Nullable Json jsonOrNull(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : new Json(text);
  }

  static @Nullable SessionId sessionOrNull(ResultSet row, String column) throws SQLException {
    Long session = longOrNull(row, column);
    return session == null ? null : new SessionId(session);
  }

  static @Nullable Progress progressOrNull(ResultSet row) throws SQLException {
    Double percent = doubleOrNull(row, "progress_percent");
    return percent == null ? null : new Progress(percent, row.getString("progress_message"));
  }

  static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  static @Nullable Integer intOrNull(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  private static @Nullable Double doubleOrNull(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? null : value;
  }
}
