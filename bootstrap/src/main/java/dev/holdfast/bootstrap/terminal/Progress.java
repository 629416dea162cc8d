package dev.holdfast.bootstrap.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows how far a job is: a bar that is drawn over on a terminal, a plain line every few seconds
 * elsewhere. Belongs to one thread.
 */
public final class Progress {

  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final Duration REPEAT = Duration.ofSeconds(5);

  private final PrintWriter writer;
  private final Terminal terminal;
  private final LongSupplier nanos;
  private final long started;
  private long shownAt;
  private String shown = "";

  /** Writes to standard error's writer; {@code nanos} only ever grows. */
  public Progress(PrintWriter writer, Terminal terminal, LongSupplier nanos) {
    this.writer = writer;
    this.terminal = terminal;
    this.nanos = nanos;
    this.started = nanos.getAsLong();
    this.shownAt = started;
  }

  /** Shows the state if it is time to, always when it is the end. */
  public void show(int done, int failed, int total) {
    long now = nanos.getAsLong();
    Duration pause = terminal.err() ? REDRAW : REPEAT;
    if (done < total && now - shownAt < pause.toNanos()) {
      return;
    }
    String text = text(done, failed, total, Duration.ofNanos(now - started));
    if (!text.equals(shown)) {
      shownAt = now;
      shown = text;
      writer.print(
          terminal.err() ? "\r" + bar(done, total) + " " + text + "\u001b[K" : text + "\n");
      writer.flush();
    }
  }

  /** Leaves the line, so that other text can follow. */
  public void end() {
    if (terminal.err() && !shown.isEmpty()) {
      writer.println();
      writer.flush();
    }
  }

  private static String text(int done, int failed, int total, Duration elapsed) {
    String share = total == 0 ? "100" : Long.toString(100L * done / total);
    return share + " %  " + done + " of " + total + " tasks ended"
        + (failed == 0 ? "" : ", " + failed + " badly")
        + ", " + elapsed.toSeconds() + " s";
  }

  private String bar(int done, int total) {
    int width = Math.clamp(terminal.width() - 60L, 10, 40);
    int full = total == 0 ? width : (int) ((long) width * done / total);
    return "[" + "#".repeat(full) + "-".repeat(width - full) + "]";
  }
}
