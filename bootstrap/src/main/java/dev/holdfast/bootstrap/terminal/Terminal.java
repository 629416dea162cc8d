package dev.holdfast.bootstrap.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is at the other end of the output streams.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is one
 * @param colors whether colours are welcome on terminals
 * @param width in columns
 */
public record Terminal(boolean out, boolean err, boolean colors, int width) {

  /** No terminal at all: plain text. */
  public static final Terminal NONE = new Terminal(false, false, false, 80);

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  /** Finds out. */
  public static Terminal detect(Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean colors = environment.getOrDefault("NO_COLOR", "").isEmpty() && !dumb;
    return new Terminal(isTerminal(1), isTerminal(2) && !dumb, colors, width(environment));
  }

  /** The text in a colour, on a terminal that has them. */
  public String color(Color color, String text) {
    return out && colors ? color.code + text + "\u001b[0m" : text;
  }

  private static boolean isTerminal(int descriptor) {
    try {
      if (Files.isDirectory(OPEN_FILES)) {
        Path target = Files.readSymbolicLink(OPEN_FILES.resolve("" + descriptor));
        return target.startsWith("/dev/pts") || target.toString().matches("/dev/(tty|console).*");
      }
      return asked(descriptor);
    } catch (IOException e) {
      return false;
    }
  }

  /** Where the kernel tells nothing by files, as on macOS. */
  private static boolean asked(int descriptor) throws IOException {
    Process test = new ProcessBuilder("test", "-t", "" + descriptor).inheritIO().start();
    try {
      return test.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int width(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
  }

  /** The few colours there are. */
  public enum Color {
    GREEN("\u001b[32m"),
    RED("\u001b[31m"),
    YELLOW("\u001b[33m"),
    GREY("\u001b[90m");

    private final String code;

    Color(String code) {
      this.code = code;
    }
  }
}
