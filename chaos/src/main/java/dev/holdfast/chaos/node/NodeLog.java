package dev.holdfast.chaos.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that many processes append to, each line with one write call, so that no line is torn and
 * none is lost with its process. The monotonic clock of the machine is common to all of them. Safe
 * for concurrent use.
 */
public final class NodeLog implements AutoCloseable {

  private final FileChannel channel;
  private final String node;
  private final long pid = ProcessHandle.current().pid();

  /** Appends for a node. */
  public NodeLog(Path file, String node) {
    this.node = node;
    try {
      this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
    try {
      // Interrupts of handlers must not close the channel of all others.
      boolean interrupted = Thread.interrupted();
      write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void write(ByteBuffer bytes) throws IOException {
    channel.write(bytes);
  }

  @Override
  public void close() throws IOException {
    channel.close();
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
    /** A completion found its run gone. */
    MISSED,
    /** The node's engine runs. */
    READY,
    /** Memory in use after a collection, in bytes. */
    HEAP
  }
}
