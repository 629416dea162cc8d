package dev.holdfast.chaos.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A network between nodes and a database that fails on request. Safe for concurrent use. */
public final class ChaosProxy implements AutoCloseable {

  /** How it fails. */
  public enum Mode {
    /** Not at all. */
    PASS,
    /** Silence in both directions; what was sent arrives when it is over. Nothing is closed. */
    BLACKHOLE,
    /** Everything arrives, late. */
    DELAY,
    /** New connections are closed at once. */
    REFUSE,
    /** Now and then what was asked is committed, and its answer is cut off with the connection. */
    CUT_COMMIT
  }

  // The ends of the server's answers to a commit, and to a statement that is a transaction of its
  // own, with which it says that it is in no other. Statements that write begin with WITH, and
  // answer as a selection does.
  private static final byte[] COMMITTED = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SELECTED = "SELECT ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] IDLE = {'Z', 0, 0, 0, 5, 'I'};

  private final ServerSocket listener;
  private final IntSupplier target;
  private final Random random;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile Mode mode = Mode.PASS;
  private volatile int delayMillis;
  private volatile double cutShare;
  private volatile Map<String, String> rewrites = Map.of();

  /** Leads to a port of this machine, which may change. */
  public ChaosProxy(IntSupplier target, long seed) {
    this.target = target;
    this.random = new Random(seed);
    try {
      this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Fails like this from now on. */
  public void fail(Mode how) {
    mode = how;
  }

  /** Delays each piece by so much. */
  public void delay(int millis) {
    delayMillis = millis;
    mode = Mode.DELAY;
  }

  /** Cuts this share of the answers to commits. */
  public void cutCommits(double share) {
    cutShare = share;
    mode = Mode.CUT_COMMIT;
  }

  /** How many answers were cut so far. */
  public int cuts() {
    return cuts.get();
  }

  /**
   * Changes what clients send from now on: another statement for each of these.
   *
   * @param statements each of the same length as what it stands for, so that no message changes
   *     its own
   */
  public void rewrite(Map<String, String> statements) {
    statements.forEach((from, to) -> {
      if (from.length() != to.length()) {
        throw new IllegalArgumentException("not of the same length: " + from);
      }
    });
    rewrites = Map.copyOf(statements);
  }

  private byte[] rewritten(byte[] bytes, int count) {
    // Of one character a byte, so that whatever is not text comes out as it went in.
    String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> one : rewrites.entrySet()) {
      text = text.replace(one.getKey(), one.getValue());
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Ends every connection with a reset. */
  public void reset() {
    links.forEach(Link::reset);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (mode == Mode.REFUSE) {
          client.close();
        } else {
          Thread.ofVirtual().start(() -> connect(client));
        }
      } catch (IOException e) {
        // Closed, or a client that is gone again.
      }
    }
  }

  private void connect(Socket client) {
    Socket server = server(client);
    if (server != null) {
      Link link = new Link(client, server);
      links.add(link);
      Thread.ofVirtual().start(() -> link.pump(client, server, false));
      Thread.ofVirtual().start(() -> link.pump(server, client, true));
    }
  }

  private @Nullable Socket server(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      return server;
    } catch (IOException e) {
      quietly(client);
      return null;
    }
  }

  private boolean cutsNow(byte[] bytes, int count) {
    if (mode != Mode.CUT_COMMIT || !isCommitted(bytes, count)) {
      return false;
    }
    synchronized (random) {
      return random.nextDouble() < cutShare;
    }
  }

  private static boolean isCommitted(byte[] bytes, int count) {
    int end = count - IDLE.length;
    boolean isIdle = end >= 0 && Arrays.equals(bytes, end, count, IDLE, 0, IDLE.length);
    return contains(bytes, count, COMMITTED) || (isIdle && contains(bytes, count, SELECTED));
  }

  private static boolean contains(byte[] bytes, int count, byte[] part) {
    for (int i = 0; i + part.length <= count; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed, then.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
  }

  /** A connection through the proxy. */
  private final class Link {

    private final Socket client;
    private final Socket server;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void pump(Socket from, Socket to, boolean isAnswer) {
      byte[] bytes = new byte[64 * 1024];
      try {
        int count;
        while ((count = from.getInputStream().read(bytes)) >= 0) {
          hold();
          if (isAnswer && cutsNow(bytes, count)) {
            cuts.incrementAndGet();
            break;
          }
          if (isAnswer || rewrites.isEmpty()) {
            to.getOutputStream().write(bytes, 0, count);
          } else {
            to.getOutputStream().write(rewritten(bytes, count));
          }
        }
        // The end of a connection is silent in a silent network, too.
        hold();
      } catch (IOException | InterruptedException e) {
        // One side is gone: so is the other.
      } finally {
        quietly(client);
        quietly(server);
        links.remove(this);
      }
    }

    private void hold() throws InterruptedException {
      if (mode == Mode.DELAY) {
        Thread.sleep(delayMillis);
      }
      while (mode == Mode.BLACKHOLE && !listener.isClosed()) {
        Thread.sleep(5);
      }
    }

    void reset() {
      try {
        client.setSoLinger(true, 0);
      } catch (IOException e) {
        // Gone already.
      }
      quietly(client);
      quietly(server);
    }
  }
}
