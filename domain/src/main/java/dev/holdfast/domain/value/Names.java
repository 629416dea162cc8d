package dev.holdfast.domain.value;

import java.util.Objects;
import java.util.regex.Pattern;

/** The rules that names obey, each stated once. */
public final class Names {

  /** Upper bound in characters of every name, tag, label key and label value. */
  public static final int MAX_LENGTH = 100;

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** A pair of surrogates is one character to the pattern, so that it finds only lone ones. */
  private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\p{Cs}]");

  private Names() {}

  /**
   * Checks a namespace, queue or type name.
   *
   * @throws IllegalArgumentException if {@code value} does not match {@code
   *     [A-Za-z0-9][A-Za-z0-9._-]{0,99}}
   */
  public static String plain(String kind, String value) {
    Objects.requireNonNull(value, kind);
    if (!PLAIN.matcher(value).matches()) {
      throw new IllegalArgumentException(
          kind + " must match " + PLAIN.pattern() + ", got " + shown(value));
    }
    return value;
  }

  /**
   * Checks a free-form name: a ref, tag, label or node id. A character is a code point.
   *
   * @throws IllegalArgumentException if {@code value} is empty, longer than {@value #MAX_LENGTH}
   *     characters, or holds a NUL or a lone surrogate (which no storage can keep)
   */
  public static String free(String kind, String value) {
    return free(kind, value, MAX_LENGTH);
  }

  /** As {@link #free(String, String)} with another upper bound in characters. */
  public static String free(String kind, String value, int maxLength) {
    Objects.requireNonNull(value, kind);
    int length = value.codePointCount(0, value.length());
    if (length < 1 || length > maxLength) {
      throw new IllegalArgumentException(
          kind + " must have 1.." + maxLength + " characters, got " + length);
    }
    return storable(kind, value);
  }

  /** Checks that a text can be stored: no NUL, no lone surrogate. */
  public static String storable(String kind, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException(kind + " must not contain U+0000");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException(kind + " must not contain a lone surrogate");
      }
    }
    return value;
  }

  /** The text with U+FFFD for everything that {@link #storable} refuses. */
  static String madeStorable(String value) {
    return UNSTORABLE.matcher(value).replaceAll("\uFFFD");
  }

  private static String shown(String value) {
    String start = value.length() <= 40 ? value : value.substring(0, 40) + "…";
    return '"' + start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + '"';
  }
}
