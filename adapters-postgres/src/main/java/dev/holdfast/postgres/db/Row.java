package dev.holdfast.postgres.db;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the values of one row as the domain has them. */
public record Row(ResultSet set) {

  /** A value that is there. */
  public UUID uuid(String column) throws SQLException {
    return Objects.requireNonNull(optionalUuid(column), column);
  }

  /** A value or a gap. */
  public @Nullable UUID optionalUuid(String column) throws SQLException {
    return set.getObject(column, UUID.class);
  }

  /** A value that is there. */
  public int integer(String column) throws SQLException {
    return set.getInt(column);
  }

  /** A value or a gap. */
  public @Nullable Integer optionalInteger(String column) throws SQLException {
    int value = set.getInt(column);
    return set.wasNull() ? null : value;
  }

  /** A value that is there. */
  public long number(String column) throws SQLException {
    return set.getLong(column);
  }

  /** A value or a gap. */
  public @Nullable Long optionalNumber(String column) throws SQLException {
    long value = set.getLong(column);
    return set.wasNull() ? null : value;
  }

  /** A value or a gap. */
  public @Nullable Double optionalReal(String column) throws SQLException {
    double value = set.getDouble(column);
    return set.wasNull() ? null : value;
  }

  /** A value that is there. */
  public boolean flag(String column) throws SQLException {
    return set.getBoolean(column);
  }

  /** A value that is there. */
  public String text(String column) throws SQLException {
    return Objects.requireNonNull(optionalText(column), column);
  }

  /** A value or a gap. */
  public @Nullable String optionalText(String column) throws SQLException {
    return set.getString(column);
  }

  /** A value that is there. */
  public Instant instant(String column) throws SQLException {
    return Objects.requireNonNull(optionalInstant(column), column);
  }

  /** A value or a gap. */
  public @Nullable Instant optionalInstant(String column) throws SQLException {
    OffsetDateTime value = set.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  /** A number of microseconds, or a gap. */
  public @Nullable Duration optionalMicros(String column) throws SQLException {
    Long value = optionalNumber(column);
    return value == null ? null : Duration.of(value, ChronoUnit.MICROS);
  }

  /** An array; a gap is empty. */
  public List<@Nullable String> texts(String column) throws SQLException {
    Array array = set.getArray(column);
    return array == null ? List.of() : Arrays.asList((@Nullable String[]) array.getArray());
  }

  /** An array; a gap is empty. */
  public List<UUID> uuids(String column) throws SQLException {
    Array array = set.getArray(column);
    return array == null ? List.of() : Arrays.asList((UUID[]) array.getArray());
  }

  /** An array; a gap is empty. */
  public List<Long> numbers(String column) throws SQLException {
    Array array = set.getArray(column);
    return array == null ? List.of() : Arrays.asList((Long[]) array.getArray());
  }

  /** An array; a gap is empty. */
  public List<Boolean> flags(String column) throws SQLException {
    Array array = set.getArray(column);
    return array == null ? List.of() : Arrays.asList((Boolean[]) array.getArray());
  }
}
