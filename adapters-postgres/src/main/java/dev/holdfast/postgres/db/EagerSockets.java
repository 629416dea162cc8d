package dev.holdfast.postgres.db;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;

/**
 * Sockets for connections that wait for notifications. After each one the driver waits a
 * millisecond for another before it tells of the first, which is most of the time that a hint
 * takes; these say at once that there is no other. Made by the driver, by the name of the class.
 */
public final class EagerSockets extends SocketFactory {

  /** For the driver. */
  public EagerSockets() {}

  @Override
  public Socket createSocket() {
    return new Eager();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetAddress.getByName(host), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return createSocket(InetAddress.getByName(host), port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    Socket socket = createSocket();
    socket.bind(new InetSocketAddress(localHost, localPort));
    socket.connect(new InetSocketAddress(host, port));
    return socket;
  }

  private Socket connected(InetAddress host, int port) throws IOException {
    Socket socket = createSocket();
    socket.connect(new InetSocketAddress(host, port));
    return socket;
  }

  /** Does not wait where it may wait for no longer than a millisecond. */
  private static final class Eager extends Socket {

    private volatile int timeout;

    @Override
    public void setSoTimeout(int millis) throws SocketException {
      timeout = millis;
      super.setSoTimeout(millis);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          if (timeout == 1 && available() == 0) {
            throw new SocketTimeoutException("nothing yet");
          }
          return super.read(bytes, from, length);
        }
      };
    }
  }
}
