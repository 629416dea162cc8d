package dev.holdfast.http.wire;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every accepted channel until its connection asks for it: the server hands connections only
 * a wrapped socket, which can neither be half closed nor given a timeout. Safe for concurrent use.
 */
final class AcceptedSockets implements SocketOptions {

  private final Map<SocketAddress, SocketChannel> channels = new ConcurrentHashMap<>();

  /** The channel from this client, once. */
  @Nullable
  SocketChannel take(SocketAddress client) {
    return channels.remove(client);
  }

  @Override
  public void configureSocket(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channels.put(channel.getRemoteAddress(), channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return Map.of();
  }

  @Override
  public Duration connectTimeout() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Duration readTimeout() {
    return Duration.ZERO;
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return Optional.empty();
  }

  @Override
  public boolean socketReuseAddress() {
    return true;
  }

  @Override
  public boolean socketKeepAlive() {
    return true;
  }

  @Override
  public boolean tcpNoDelay() {
    return true;
  }
}
