package dev.holdfast.http.wire;

import dev.holdfast.http.HttpLimits;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one connection under deadlines and byte budgets that follow the phase it is in. A read
 * timeout alone would let a client live for ever on a byte a second. Belongs to the connection's
 * thread, but for the start of a write, which the watch looks at.
 */
final class Guard implements Supplier<byte[]> {

  /** A header is refused by the server's own limits; this is a net below them. */
  private static final long HEAD_BUDGET = 4L * HttpLimits.HEADER_BYTES;

  private static final long LINGER_BYTES = 32 << 20;
  private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();
  private static final ThreadLocal<@Nullable Guard> CURRENT = new ThreadLocal<>();

  private enum Phase {
    IDLE,
    HEAD,
    BODY
  }

  private final SocketChannel channel;
  private final HelidonSocket socket;
  private final HttpLimits limits;
  private Phase phase = Phase.IDLE;
  private long deadline;
  private long budget;
  private boolean ended;
  private boolean routed;
  private boolean failed;
  private volatile long writeBegan;

  Guard(SocketChannel channel, HelidonSocket socket, HttpLimits limits) {
    this.channel = channel;
    this.socket = socket;
    this.limits = limits;
  }

  /** The guard of the connection that the calling thread serves. */
  static Guard current() {
    Guard guard = CURRENT.get();
    if (guard == null) {
      throw new IllegalStateException("not on the thread of a connection");
    }
    return guard;
  }

  /** Makes this the guard of the calling thread. */
  void enter() {
    CURRENT.set(this);
  }

  /** The header was understood: what goes wrong from now on is not the parser's to say. */
  void beginRequest() {
    routed = true;
  }

  /** A request failed outside of any route. Gives whether its header was being read then. */
  boolean failedWhileParsing() {
    failed = true;
    return !routed;
  }

  /** The header has arrived; now the content may. */
  void beginBody(long bytes) {
    phase = Phase.BODY;
    deadline = System.nanoTime() + limits.body().toNanos();
    budget = bytes;
  }

  /** The request was answered and its content read. */
  void endRequest() {
    phase = Phase.IDLE;
    routed = false;
  }

  @Override
  public byte @Nullable [] get() {
    long patience = phase == Phase.IDLE ? limits.idle().toNanos() : deadline - System.nanoTime();
    byte[] bytes = read(patience);
    if (bytes == null) {
      ended = true;
      return null;
    }
    if (phase == Phase.IDLE) {
      phase = Phase.HEAD;
      deadline = System.nanoTime() + limits.header().toNanos();
      budget = HEAD_BUDGET;
    }
    budget -= bytes.length;
    if (budget < 0) {
      throw phase == Phase.BODY
          ? refuse(Status.REQUEST_ENTITY_TOO_LARGE_413, "the content is too large")
          : refuse(Status.create(431), "the header is too large");
    }
    return bytes;
  }

  private byte @Nullable [] read(long patienceNanos) {
    long millis = patienceNanos / 1_000_000;
    if (millis <= 0) {
      throw tooSlow();
    }
    try {
      channel.socket().setSoTimeout((int) Math.min(Integer.MAX_VALUE, millis));
      return socket.get();
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof SocketTimeoutException ? tooSlow() : gone(e);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private CloseConnectionException gone(Exception e) {
    ended = true;
    return new CloseConnectionException("the connection broke", e);
  }

  private RuntimeException tooSlow() {
    return phase == Phase.IDLE
        ? new CloseConnectionException("idle for too long")
        : refuse(Status.REQUEST_TIMEOUT_408, "the request took too long to arrive");
  }

  private static RequestException refuse(Status status, String message) {
    return RequestException.builder()
        .type(EventType.BAD_REQUEST)
        .status(status)
        .message(message)
        .setKeepAlive(false)
        .build();
  }

  /** A write begins. */
  void writeBegins() {
    // Zero means that there is none.
    writeBegan = System.nanoTime() | 1;
  }

  /** The write is over. */
  void writeEnds() {
    writeBegan = 0;
  }

  /** Closes the connection when a write to it takes too long: the client does not read. */
  void cutIfStuck(long now) {
    long began = writeBegan;
    if (began != 0 && now - began > limits.write().toNanos()) {
      cut();
    }
  }

  /** Closes the connection from any thread. */
  void cut() {
    try {
      channel.close();
    } catch (IOException e) {
      // Closed is closed.
    }
  }

  /**
   * Takes what the client still sends, within bounds, after the last answer. Closing with bytes
   * unread resets the connection, and the client might lose the answer that says why.
   */
  void linger() {
    if (ended || (phase == Phase.IDLE && !failed)) {
      return;
    }
    long until = System.nanoTime() + LINGER_NANOS;
    long left = LINGER_BYTES;
    byte[] scrap = new byte[16 << 10];
    try {
      Socket plain = channel.socket();
      plain.shutdownOutput();
      InputStream in = plain.getInputStream();
      for (long rest = LINGER_NANOS; rest > 0 && left > 0; rest = until - System.nanoTime()) {
        plain.setSoTimeout((int) Math.max(1, rest / 1_000_000));
        int read = in.read(scrap);
        if (read < 0) {
          return;
        }
        left -= read;
      }
    } catch (IOException e) {
      // The client is gone, or slow: enough was done for it.
    }
  }
}
