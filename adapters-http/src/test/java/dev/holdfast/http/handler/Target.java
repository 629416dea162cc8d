package dev.holdfast.http.handler;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server that answers one request with bytes of the test's choice. */
final class Target implements AutoCloseable {

  private final ServerSocket server;
  private final CompletableFuture<String> request = new CompletableFuture<>();

  Target(String answer) throws IOException {
    this(answer, 0);
  }

  private Target(String answer, long pauseMillis) throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread.ofVirtual().start(() -> serve(answer.getBytes(StandardCharsets.UTF_8), pauseMillis));
  }

  /** One that sends a byte now and then, for ever. */
  static Target dripping() throws IOException {
    return new Target("HTTP/1.1 200 OK\r\n" + "a".repeat(1000), 100);
  }

  private void serve(byte[] answer, long pauseMillis) {
    try (Socket socket = server.accept()) {
      socket.setSoTimeout(5000);
      OutputStream out = socket.getOutputStream();
      request.complete(read(socket));
      if (pauseMillis == 0) {
        out.write(answer);
        out.flush();
        return;
      }
      for (byte one : answer) {
        out.write(one);
        Thread.sleep(pauseMillis);
      }
    } catch (IOException | InterruptedException e) {
      request.completeExceptionally(e);
    }
  }

  private static String read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        read.write(buffer, 0, count);
        socket.setSoTimeout(100);
      }
    } catch (SocketTimeoutException e) {
      // All of it has come.
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  int port() {
    return server.getLocalPort();
  }

  /** A payload that asks for it. */
  String get() {
    return "{\"url\":\"http://127.0.0.1:" + port() + "/\"}";
  }

  /** What was asked. */
  String request() throws Exception {
    return request.get(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
