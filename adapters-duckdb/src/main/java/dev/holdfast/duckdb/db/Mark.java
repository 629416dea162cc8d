package dev.holdfast.duckdb.db;

import dev.holdfast.domain.port.StorageUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The high-water mark beside the database: how far it went, at least. Without its log the file
 * opens silently as it was at its last checkpoint; the mark tells.
 *
 * @param incarnation of the database
 * @param transaction one that is durable, together with all before it
 * @param logNeeded whether the data are not whole without the write-ahead log
 */
public record Mark(long incarnation, long transaction, boolean logNeeded) {

  private static final Pattern TEXT =
      Pattern.compile("holdfast-mark 1 (\\d+) (\\d+) (log|no-log)\\R?");

  /** Whether a database that is only this far has lost what the mark has seen. */
  boolean isAheadOf(Mark level) {
    return transaction > 0 && (incarnation != level.incarnation || transaction > level.transaction);
  }

  /**
   * Reads the mark, if there is one.
   *
   * @throws IllegalStateException if the file is none
   */
  static Optional<Mark> read(Path file) {
    try {
      return Files.exists(file) ? Optional.of(parse(file)) : Optional.empty();
    } catch (IOException e) {
      throw new StorageUnavailable("cannot read " + file, e);
    }
  }

  private static Mark parse(Path file) throws IOException {
    String text = Files.readString(file);
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalStateException(
          file + " is damaged. If the database beside it is whole, delete it and start again.");
    }
    return new Mark(
        Long.parseLong(parts.group(1)),
        Long.parseLong(parts.group(2)),
        parts.group(3).equals("log"));
  }

  /** Writes it durably: a reader finds the old mark or the new one, whenever the power fails. */
  void write(Path file) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    String text = "holdfast-mark 1 %d %d %s%n"
        .formatted(incarnation, transaction, logNeeded ? "log" : "no-log");
    try (FileChannel channel = FileChannel.open(
        next,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(file);
  }

  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory != null && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
