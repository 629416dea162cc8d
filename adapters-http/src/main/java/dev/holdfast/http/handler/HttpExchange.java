package dev.holdfast.http.handler;

import dev.holdfast.application.worker.TaskFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request over a connection of its own, to exactly the address that was checked. A library
 * would look the name up again; with the address in the URL instead it would ask the server for the
 * wrong name and check its certificate against the wrong one. Belongs to one thread.
 */
final class HttpExchange {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpJob job;
  private final InetAddress address;
  private final SSLSocketFactory tls;
  private final long deadline;

  HttpExchange(HttpJob job, InetAddress address, SSLSocketFactory tls, Duration patience) {
    this.job = job;
    this.address = address;
    this.tls = tls;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** Sends the request and reads the answer; an interrupt closes the connection. */
  HttpReply run() throws IOException {
    try (Socket plain = new Socket()) {
      int patience = Math.min((int) CONNECT.toMillis(), millisLeft());
      plain.connect(new InetSocketAddress(address, job.port()), patience);
      plain.setSoTimeout(millisLeft());
      try (Socket socket = job.isSecure() ? secure(plain) : plain) {
        send(socket.getOutputStream());
        return new ReplyReader(new BufferedInputStream(new Patient(socket))).read(job.method());
      }
    } catch (SocketTimeoutException e) {
      throw TaskFailure.of("http_timeout", "the target did not answer in time");
    }
  }

  /** Asks for the name of the URL, and takes no certificate of another. */
  private Socket secure(Socket plain) throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(plain, job.host(), job.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private void send(OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder();
    String path = job.url().getRawPath();
    head.append(job.method()).append(' ').append(path == null || path.isEmpty() ? "/" : path);
    if (job.url().getRawQuery() != null) {
      head.append('?').append(job.url().getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(job.url().getHost());
    if (job.url().getPort() >= 0) {
      head.append(':').append(job.url().getPort());
    }
    head.append("\r\nConnection: close\r\nAccept-Encoding: identity\r\n");
    job.headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    String body = job.body();
    byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    if (body != null || job.method().equals("POST") || job.method().equals("PUT")) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    out.write(content);
    out.flush();
  }

  private int millisLeft() throws SocketTimeoutException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("out of time");
    }
    return (int) Math.min(Integer.MAX_VALUE, left);
  }

  /** Reads no longer than the deadline allows, however few bytes come at a time. */
  private final class Patient extends InputStream {

    private final Socket socket;
    private final InputStream in;

    Patient(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
    }

    @Override
    public int read() throws IOException {
      socket.setSoTimeout(millisLeft());
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      socket.setSoTimeout(millisLeft());
      return in.read(bytes, from, length);
    }
  }
}
