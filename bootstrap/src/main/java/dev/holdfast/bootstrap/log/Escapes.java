package dev.holdfast.bootstrap.log;

/** Keeps what others wrote from ending a line or steering a terminal. */
public final class Escapes {

  private Escapes() {}

  /** The text with every control character, line break and direction mark as an escape. */
  public static String plain(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.chars().forEach(c -> append(safe, (char) c));
    return safe.toString();
  }

  /** The text as a JSON string with its quotes. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        json.append('\\').append((char) c);
      } else {
        append(json, (char) c);
      }
    });
    return json.append('"').toString();
  }

  private static void append(StringBuilder safe, char c) {
    switch (c) {
      case '\n' -> safe.append("\\n");
      case '\r' -> safe.append("\\r");
      case '\t' -> safe.append("\\t");
      default -> {
        if (steers(c)) {
          safe.append(String.format("\\u%04x", (int) c));
        } else {
          safe.append(c);
        }
      }
    }
  }

  private static boolean steers(char c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }
}
