package dev.holdfast.chaos.node;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file that many processes append to, each line with one write call, so that no line is torn and
 * none is lost with its process. The monotonic clock of the machine is common to all of them. Safe
 * for concurrent use.
 */
public final class NodeLog implements AutoCloseable {

  // Not a channel: the interrupt of one handler would close it for all.
  private final FileOutputStream stream;
  private final String node;
  private final long pid = ProcessHandle.current().pid();

  /** Appends for a node. */
  public NodeLog(Path file, String node) {
    this.node = node;
    try {
      this.stream = new FileOutputStream(file.toFile(), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends one line: what, about which run, by whom, when, and a word more. */
  public void add(Mark mark, String task, int run, int attempt, String more) {
    String line = String.join(
        " ",
        mark.name(),
        task,
        Integer.toString(run),
        Integer.toString(attempt),
        node,
        Long.toString(pid),
        Long.toString(System.nanoTime()),
        more.isEmpty() ? "-" : more.replace(' ', '_').replace('\n', '_'));
    write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private synchronized void write(byte[] bytes) {
    try {
      stream.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /** What a line says. */
  public enum Mark {
    /** A handler was called. */
    BEGIN,
    /** A handler returned. */
    END,
    /** A handler threw, most often since it was interrupted. */
    STOPPED,
    /** A completion was written and committed. */
    ACCEPTED,
    /** A completion found its run gone, or left it to what tells those that depend on it. */
    MISSED,
    /** The node's engine runs. */
    READY,
    /** Memory in use after a collection, in bytes. */
    HEAP
  }
}
