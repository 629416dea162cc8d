package dev.holdfast.http.wire;

import dev.holdfast.http.HttpLimits;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;

/** Serves every connection as HTTP/1.1, behind a guard. Safe for concurrent use. */
final class GuardedConnections implements ServerConnectionSelector {

  private final Http1ConnectionSelector http1;
  private final AcceptedSockets sockets;
  private final Watch watch;
  private final HttpLimits limits;

  GuardedConnections(
      Http1ConnectionSelector http1, AcceptedSockets sockets, Watch watch, HttpLimits limits) {
    this.http1 = http1;
    this.sockets = sockets;
    this.watch = watch;
    this.limits = limits;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    SocketChannel channel = sockets.take(context.remotePeer().address());
    if (channel == null) {
      throw new CloseConnectionException("the connection's channel is not known");
    }
    Guard guard = new Guard(channel, context.serverSocket(), limits);
    return new Guarded(http1.connection(new GuardedContext(context, guard)), guard);
  }

  /** One connection. */
  private final class Guarded implements ServerConnection {

    private final ServerConnection connection;
    private final Guard guard;

    Guarded(ServerConnection connection, Guard guard) {
      this.connection = connection;
      this.guard = guard;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      guard.enter();
      watch.add(guard);
      try {
        connection.handle(limit);
      } finally {
        guard.linger();
        watch.remove(guard);
      }
    }

    /** The guard minds idle connections itself. */
    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(interrupt);
    }
  }
}
