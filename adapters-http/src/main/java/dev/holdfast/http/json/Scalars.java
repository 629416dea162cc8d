package dev.holdfast.http.json;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Instants and durations as the contract spells them, in both directions. */
public final class Scalars {

  private static final Pattern DURATION = Pattern.compile(
      "P(?=.)(\\d{1,9}D)?(T(?=.)(\\d{1,9}H)?(\\d{1,9}M)?(\\d{1,9}(\\.\\d{1,9})?S)?)?");
  private static final Pattern INSTANT = Pattern.compile(
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private Scalars() {}

  /**
   * Reads a duration of days to seconds, cut to microseconds.
   *
   * @throws IllegalArgumentException for anything else, years, months and weeks included
   */
  public static Duration duration(String text) {
    if (!DURATION.matcher(text).matches()) {
      throw new IllegalArgumentException("must be an ISO-8601 duration of days to seconds, as PT30S"
          + " or P2D (no years, months or weeks), got \"" + Shown.of(text) + '"');
    }
    try {
      return Duration.parse(text).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("must be an ISO-8601 duration", e);
    }
  }

  /**
   * Reads an instant, cut to microseconds.
   *
   * @throws IllegalArgumentException unless it is one of RFC 3339
   */
  public static Instant instant(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (!INSTANT.matcher(upper).matches()) {
      throw notAnInstant(text, null);
    }
    try {
      Instant instant = OffsetDateTime.parse(upper).toInstant().truncatedTo(ChronoUnit.MICROS);
      if (instant.isBefore(FIRST)) {
        throw notAnInstant(text, null);
      }
      return instant;
    } catch (DateTimeException e) {
      throw notAnInstant(text, e);
    }
  }

  /** Writes an instant with six fractional digits and {@code Z}. */
  public static String text(Instant instant) {
    return MICROS.format(instant);
  }

  /** Writes a duration with its days, for example {@code P1DT12H}. */
  public static String text(Duration duration) {
    long days = duration.toDays();
    Duration rest = duration.minusDays(days);
    if (days == 0) {
      return rest.toString();
    }
    return "P" + days + "D" + (rest.isZero() ? "" : rest.toString().substring(1));
  }

  private static IllegalArgumentException notAnInstant(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "must be an RFC 3339 instant, as 2026-01-31T12:00:00Z, got \"" + Shown.of(text) + '"',
        cause);
  }
}
