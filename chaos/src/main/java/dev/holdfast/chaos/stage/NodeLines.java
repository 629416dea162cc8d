package dev.holdfast.chaos.stage;

import dev.holdfast.chaos.trace.NodeLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what nodes append to their log, as far as it is written. Safe for concurrent use. */
public final class NodeLines {

  private final Path file;
  private final List<NodeLine> lines = new ArrayList<>();
  private long position;

  NodeLines(Path file) {
    this.file = file;
  }

  /** Every line so far. */
  public synchronized List<NodeLine> all() {
    readOn();
    return List.copyOf(lines);
  }

  /** The lines from a number on. */
  public synchronized List<NodeLine> from(int first) {
    readOn();
    return List.copyOf(lines.subList(first, lines.size()));
  }

  /** How many there are so far. */
  public synchronized int count() {
    readOn();
    return lines.size();
  }

  private void readOn() {
    if (!Files.exists(file)) {
      return;
    }
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[(int) (reader.length() - position)];
      reader.seek(position);
      reader.readFully(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      int whole = text.lastIndexOf('\n') + 1;
      position += text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
      text.substring(0, whole).lines().map(NodeLine::parse).forEach(lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
