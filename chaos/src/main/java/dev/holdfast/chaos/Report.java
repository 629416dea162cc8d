package dev.holdfast.chaos;

import dev.holdfast.chaos.measure.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came of the scenarios, for people: in the log and in a file. Safe for concurrent use. */
public final class Report {

  private static final Logger LOG = LoggerFactory.getLogger(Report.class);

  private final Path file;

  /** Writes a file anew. */
  public Report(Path file) {
    this.file = file;
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line. */
  public synchronized void say(String line) {
    LOG.info("{}", line);
    try {
      Files.writeString(
          file,
          line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of figures. */
  public void say(String what, Figures figures) {
    say("%-52s %s".formatted(what, figures));
  }
}
