package dev.holdfast.bootstrap.config;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with the configuration.
 *
 * @param name of the flag, variable or key, as its writer knows it
 * @param detail what was found and what is allowed; never shows a secret
 */
public record ConfigProblem(String name, String detail) {

  private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&\\s]*");
  private static final Pattern USER_INFO = Pattern.compile("(//[^/@:\\s]*):[^/@\\s]*@");
  private static final int MAX_SHOWN = 200;

  public ConfigProblem {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(detail, "detail");
  }

  /** A value as it may be shown: without passwords and control characters, and bounded. */
  static String masked(String value) {
    String open = PASSWORD.matcher(value).replaceAll("$1***");
    String safe = USER_INFO.matcher(open).replaceAll("$1:***@").replaceAll("\\p{Cntrl}", "?");
    return safe.length() <= MAX_SHOWN ? safe : safe.substring(0, MAX_SHOWN) + "…";
  }

  @Override
  public String toString() {
    return name + ": " + detail;
  }
}
