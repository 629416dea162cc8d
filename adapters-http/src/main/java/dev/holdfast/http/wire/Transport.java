package dev.holdfast.http.wire;

import dev.holdfast.http.HttpLimits;
import dev.holdfast.http.problem.Problems;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.ClientGone;
import dev.holdfast.http.web.Dispatcher;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The listening server: one virtual thread a connection. Safe for concurrent use. */
public final class Transport {

  private static final Duration END = Duration.ofMillis(500);

  private final Dispatcher dispatcher;
  private final Observer observer;
  private final HttpLimits limits;
  private final InetAddress address;
  private final int port;
  private final WebServer server;
  private final Watch watch = new Watch();
  private final BodyRoom room = BodyRoom.ofHeap();
  private final AtomicInteger active = new AtomicInteger();

  /** Told of every answer. */
  @FunctionalInterface
  public interface Observer {

    /** A request was answered. */
    void answered(String method, String route, int status, Duration took);
  }

  /** Not started yet. */
  public Transport(
      InetAddress address,
      int port,
      HttpLimits limits,
      Dispatcher dispatcher,
      Problems problems,
      Observer observer) {
    this.dispatcher = dispatcher;
    this.observer = observer;
    this.limits = limits;
    this.address = address;
    this.port = port;
    this.server = server(problems);
  }

  private WebServer server(Problems problems) {
    AcceptedSockets sockets = new AcceptedSockets();
    Http1ConnectionSelector http1 =
        Http1ConnectionSelector.builder().config(http1Config()).build();
    return WebServer.builder()
        .address(address)
        .port(port)
        .shutdownHook(false)
        .shutdownGracePeriod(END)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(new GuardedConnections(http1, sockets, watch, limits))
        .connectionOptions(sockets)
        .useNio(false)
        .maxTcpConnections(limits.maxConnections())
        .directHandlers(EarlyProblems.handlers(problems))
        .errorHandling(ErrorHandling.builder().includeEntity(true).build())
        .routing(HttpRouting.builder().any(this::handle))
        .build();
  }

  private static Http1Config http1Config() {
    return Http1Config.builder()
        // The method and the version come on top of the target.
        .maxPrologueLength(HttpLimits.URI_BYTES + 64)
        .maxHeadersSize(HttpLimits.HEADER_BYTES)
        .sendKeepAliveHeader(false)
        .build();
  }

  /**
   * Binds and serves; gives the port.
   *
   * @throws IllegalStateException if it cannot bind
   */
  public int start() {
    server.start();
    // It only logs when it cannot.
    if (!server.isRunning()) {
      watch.close();
      throw new IllegalStateException("cannot listen on " + address + ", port " + port
          + ": is something else listening there? HOLDFAST_HTTP_PORT chooses another");
    }
    watch.start(limits.write());
    return server.port();
  }

  /** How many requests are being answered. */
  public int active() {
    return active.get();
  }

  /** How many connections there are. */
  public int connections() {
    return watch.size();
  }

  /** Ends at once, cutting what is under way. */
  public void stop() {
    server.stop();
    watch.close();
  }

  private void handle(ServerRequest request, ServerResponse response) {
    active.incrementAndGet();
    Guard.current().beginRequest();
    try (HelidonCall call = new HelidonCall(request, room)) {
      answer(call, response);
    } catch (ClientGone e) {
      throw new CloseConnectionException("the client left", e);
    } finally {
      active.decrementAndGet();
    }
  }

  private void answer(HelidonCall call, ServerResponse response) {
    long began = System.nanoTime();
    Dispatcher.Outcome outcome = dispatcher.answer(call);
    call.skipSmall();
    boolean close = call.leftUnread() || wantsClose(call);
    try {
      send(call, outcome.answer(), response, close);
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      observer.answered(call.method(), outcome.route(), outcome.answer().status(), took);
    }
    if (!call.leftUnread()) {
      Guard.current().endRequest();
    }
    if (close) {
      throw new CloseConnectionException("as the answer said");
    }
  }

  private static boolean wantsClose(HelidonCall call) {
    return call.header("Connection").stream()
        .anyMatch(v -> v.toLowerCase(java.util.Locale.ROOT).contains("close"));
  }

  private static void send(
      HelidonCall call, Answer answer, ServerResponse response, boolean close) {
    response.status(Status.create(answer.status()));
    answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    if (close) {
      response.header(HeaderNames.CONNECTION, "close");
    }
    boolean head = call.method().equals("HEAD");
    switch (answer) {
      case Answer.Full full -> {
        byte[] body = full.body().getBytes(StandardCharsets.UTF_8);
        response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        response.send(head ? new byte[0] : body);
      }
      case Answer.Streamed streamed -> {
        if (head) {
          response.send(new byte[0]);
        } else {
          stream(streamed, response);
        }
      }
    }
  }

  private static void stream(Answer.Streamed answer, ServerResponse response) {
    try (OutputStream out = response.outputStream()) {
      answer.body().writeTo(out);
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the client of a stream is gone", e);
    }
  }
}
