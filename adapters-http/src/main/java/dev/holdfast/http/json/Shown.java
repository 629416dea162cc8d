package dev.holdfast.http.json;

/** Texts from outside, made fit to be shown in messages: short, and without control characters. */
public final class Shown {

  private static final int SHORT = 60;

  private Shown() {}

  /** At most {@value #SHORT} characters of a text. */
  public static String of(String text) {
    return of(text, SHORT);
  }

  /** At most so many characters of a text, then an ellipsis. */
  public static String of(String text, int most) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < most; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return text.length() > most ? shown.append('…').toString() : shown.toString();
  }
}
