package dev.holdfast.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Speaks to a server in bytes of its own choice. */
final class RawClient implements AutoCloseable {

  private final Socket socket;

  RawClient(int port) throws IOException {
    this(port, 64 << 10);
  }

  /** A client that takes only so many bytes before it reads. */
  RawClient(int port, int room) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(room);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(20_000);
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** As {@link #send}, but a server that has heard enough may close. */
  RawClient trySend(byte[] bytes) {
    try {
      return send(bytes);
    } catch (IOException e) {
      return this;
    }
  }

  /** One answer, header and content; what there is when the connection ends before. */
  String answer() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int end = -1;
    while (true) {
      String text = read.toString(StandardCharsets.ISO_8859_1);
      if (end < 0 && text.indexOf("\r\n\r\n") >= 0) {
        end = text.indexOf("\r\n\r\n") + 4 + length(text);
      }
      if (end >= 0 && read.size() >= end) {
        return text;
      }
      int next;
      try {
        next = in.read();
      } catch (SocketException e) {
        return text;
      }
      if (next < 0) {
        return text;
      }
      read.write(next);
    }
  }

  private static int length(String head) {
    for (String line : head.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).trim());
      }
    }
    return 0;
  }

  /** Reads until the server closes, and gives how much there was. */
  long drain() throws IOException {
    byte[] step = new byte[64 << 10];
    long total = 0;
    try {
      for (int read = socket.getInputStream().read(step);
          read >= 0;
          read = socket.getInputStream().read(step)) {
        total += read;
      }
    } catch (SocketException e) {
      // Cut off.
    }
    return total;
  }

  /** Whether the server closes within the client's patience. */
  boolean isClosed() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
