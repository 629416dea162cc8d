package dev.holdfast.bootstrap.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * Gives the tasks of a file their idempotency keys, so that a second run finds the tasks of the
 * first. A fresh start adds a salt, which is kept in a file beside the storage.
 *
 * @param salt empty before the first fresh start
 */
public record RunKeys(String digest, String salt) {

  /** The keys of the last start. */
  public static RunKeys known(String digest, Path saltFile) {
    return new RunKeys(digest, load(saltFile).getProperty(digest, ""));
  }

  /** Keys that no task has yet; durable when this returns. */
  public static RunKeys fresh(String digest, Path saltFile) {
    Properties salts = load(saltFile);
    String last = salts.getProperty(digest, "");
    String next = Integer.toString(last.isEmpty() ? 1 : Integer.parseInt(last) + 1);
    salts.setProperty(digest, next);
    store(salts, saltFile);
    return new RunKeys(digest, next);
  }

  /** The key of the task at a position of the file, counted from 0. */
  public String of(int position) {
    return digest + (salt.isEmpty() ? "" : "." + salt) + ":" + position;
  }

  private static Properties load(Path file) {
    var salts = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        salts.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }
    return salts;
  }

  private static void store(Properties salts, Path file) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (var writer = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
        salts.store(writer, "How often \"run --fresh\" started each file, by its SHA-256");
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
