package dev.holdfast.bootstrap.config;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.value.NodeId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types that settings have. */
final class SettingTypes {

  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})(MB|GB)");
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,40}");
  private static final Duration LONGEST = Duration.ofDays(1);

  private SettingTypes() {}

  static final SettingType<String> TEXT = new SettingType<>("text", "any text", text -> text);

  static final SettingType<Path> PATH = new SettingType<>("path", "a path", Path::of);

  static final SettingType<NodeId> NODE =
      new SettingType<>("name", "1 to 100 characters", NodeId::new);

  static final SettingType<Boolean> SWITCH =
      new SettingType<>("boolean", "true or false", text -> switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException(text);
      });

  static final SettingType<List<String>> LIST =
      new SettingType<>("list", "a comma-separated list", SettingTypes::list);

  static final SettingType<Map<String, String>> LABELS = new SettingType<>(
      "labels",
      "key=value pairs with commas between, such as gpu=true,zone=a; at most "
          + Constraints.MAX_LABELS
          + ", each key once, keys and values of 1 to 100 characters",
      SettingTypes::labels);

  static final SettingType<Integer> MEGABYTES = new SettingType<>(
      "size", "a size from 64MB to 999999MB, such as 512MB or 2GB", SettingTypes::megabytes);

  static final SettingType<String> SCHEMA = new SettingType<>(
      "identifier",
      "a lower-case identifier " + IDENTIFIER.pattern() + " that does not start with pg_",
      SettingTypes::schema);

  static final SettingType<String> JDBC_URL = new SettingType<>(
      "url",
      "a URL that starts with jdbc:postgresql:",
      text -> requireStart("jdbc:postgresql:", text));

  static final SettingType<URI> BASE_URL = new SettingType<>(
      "url", "an http or https URL with a host and without query", SettingTypes::baseUrl);

  static SettingType<Integer> integer(int least, int most) {
    return new SettingType<>("integer", "a whole number from " + least + " to " + most, text -> {
      int value = Integer.parseInt(text);
      require(value >= least && value <= most && Character.isDigit(text.charAt(0)));
      return value;
    });
  }

  static SettingType<Duration> duration(Duration least) {
    return duration(
        least, LONGEST, "from " + least + " to " + LONGEST + ", such as PT1.5S, 500ms or 5m");
  }

  /** How long something is kept. */
  static SettingType<Duration> age(Duration least) {
    return duration(least, Duration.ofDays(36_500), "from " + least + " on, such as 12h or 30d");
  }

  private static SettingType<Duration> duration(Duration least, Duration most, String bounds) {
    return new SettingType<>("duration", "a duration " + bounds, text -> {
      Duration value = duration(text);
      require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
      return value;
    });
  }

  static <E extends Enum<E>> SettingType<E> oneOf(Class<E> type) {
    String names = Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
    return new SettingType<>(
        names.replace(", ", "|"),
        "one of " + names,
        text -> Enum.valueOf(type, requireLower(text).toUpperCase(Locale.ROOT)));
  }

  private static Duration duration(String text) {
    Matcher brief = SHORT_DURATION.matcher(text);
    if (!brief.matches()) {
      try {
        return Duration.parse(text);
      } catch (java.time.DateTimeException e) {
        throw new IllegalArgumentException(text, e);
      }
    }
    long amount = Long.parseLong(brief.group(1));
    return switch (brief.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static int megabytes(String text) {
    Matcher size = SIZE.matcher(text);
    require(size.matches());
    int value = Integer.parseInt(size.group(1)) * (size.group(2).equals("GB") ? 1024 : 1);
    require(value >= 64 && value <= 999_999);
    return value;
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .peek(entry -> require(!entry.isEmpty()))
        .distinct()
        .toList();
  }

  private static Map<String, String> labels(String text) {
    var labels = new LinkedHashMap<String, String>();
    for (String pair : list(text)) {
      int equals = pair.indexOf('=');
      require(equals > 0);
      String key = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      Constraints.requireLabel(key, value);
      require(labels.put(key, value) == null);
    }
    require(labels.size() <= Constraints.MAX_LABELS);
    return Map.copyOf(labels);
  }

  private static String schema(String text) {
    require(IDENTIFIER.matcher(text).matches() && !text.startsWith("pg_"));
    return text;
  }

  private static String requireStart(String start, String text) {
    require(text.startsWith(start));
    return text;
  }

  private static URI baseUrl(String text) {
    URI url = URI.create(text);
    String scheme = url.getScheme();
    require("http".equals(scheme) || "https".equals(scheme));
    require(url.getHost() != null && url.getQuery() == null && url.getFragment() == null);
    require(url.getUserInfo() == null);
    return url;
  }

  private static String requireLower(String text) {
    require(text.equals(text.toLowerCase(Locale.ROOT)));
    return text;
  }

  private static void require(boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException("does not fit");
    }
  }
}
