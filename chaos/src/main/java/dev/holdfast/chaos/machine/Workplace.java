package dev.holdfast.chaos.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders of the suite's own. */
public final class Workplace {

  private Workplace() {}

  /** A new one, which the user of the database may enter. */
  public static Path create() {
    try {
      Path folder = Files.createTempDirectory("holdfast-chaos");
      if (!folder.toFile().setExecutable(true, false)
          || !folder.toFile().setReadable(true, false)) {
        throw new IllegalStateException(folder + " cannot be opened for others");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes it with everything in it, unless the property {@code chaos.keep} is set. */
  public static void remove(Path folder) {
    if (Boolean.getBoolean("chaos.keep")) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
