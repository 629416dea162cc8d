package dev.holdfast.http.web;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The preference of RFC 7240 that the contract knows: {@code wait=N}. */
public final class Prefer {

  /** Upper bound in seconds of a wait. */
  public static final int MAX_WAIT = 60;

  private static final Pattern WAIT =
      Pattern.compile("\\s*wait\\s*=\\s*\"?0*(\\d+)\"?\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private Prefer() {}

  /** The first well-formed wait in seconds, capped; empty when there is none. */
  public static OptionalInt waitSeconds(List<String> values) {
    for (String value : values) {
      for (String preference : value.split(",", -1)) {
        Matcher matcher = WAIT.matcher(preference);
        if (matcher.matches()) {
          return OptionalInt.of(capped(matcher.group(1)));
        }
      }
    }
    return OptionalInt.empty();
  }

  private static int capped(String digits) {
    return digits.length() > 2 ? MAX_WAIT : Math.min(MAX_WAIT, Integer.parseInt(digits));
  }
}
