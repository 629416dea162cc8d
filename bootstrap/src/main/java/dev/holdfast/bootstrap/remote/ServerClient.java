package dev.holdfast.bootstrap.remote;

import dev.holdfast.application.engine.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Asks a server. When it says that another node leads, that one is asked; when none does, or the
 * one that did is gone, the server is asked again until there is a leader. What a node has refused
 * it has not done, so asking again is safe. Safe for concurrent use.
 */
public final class ServerClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(90);
  private static final Duration ELECTION = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final URI server;
  private final Duration patience;
  private final JsonMapper mapper;
  private final HttpClient client;

  /** Asks the server with this base URL. */
  public ServerClient(URI server, JsonMapper mapper) {
    this(server, mapper, ELECTION);
  }

  /** With how long a leader is waited for. */
  ServerClient(URI server, JsonMapper mapper, Duration patience) {
    this.server = server;
    this.patience = patience;
    this.mapper = mapper;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if ("http".equals(server.getScheme())) {
      builder.sslContext(trustingNobody());
    }
    this.client = builder.build();
  }

  /** Without it, the client reads every certificate that the JDK trusts, for nothing. */
  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** What a body is. */
  public record Body(BodyPublisher content, String mediaType) {

    /** Bytes of a media type. */
    public static Body of(byte[] content, String mediaType) {
      return new Body(BodyPublishers.ofByteArray(content), mediaType);
    }

    /** A JSON text. */
    public static Body json(String text) {
      return new Body(BodyPublishers.ofString(text), "application/json");
    }
  }

  /**
   * Reads.
   *
   * @param target path and query
   * @return the body of a good answer
   * @throws ServerFailure for any other answer, and for none
   */
  public String get(String target, String... headers) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder().GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(target, request.timeout(ANSWER));
  }

  /**
   * Writes.
   *
   * @param target path and query
   * @return the body of a good answer
   * @throws ServerFailure for any other answer, and for none
   */
  public String post(String target, Body body) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder()
        .POST(body.content())
        .header("Content-Type", body.mediaType())
        .timeout(ANSWER);
    return send(target, request);
  }

  /**
   * Opens a stream that goes on until one of both sides ends it.
   *
   * @throws ServerFailure for any other answer than a stream, and for none
   */
  public InputStream stream(String target, String... headers) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder().GET().header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> answer =
        exchange(request.uri(at(target)).build(), BodyHandlers.ofInputStream());
    if (answer.statusCode() == 200) {
      return answer.body();
    }
    try (InputStream body = answer.body()) {
      String text = new String(body.readNBytes(1 << 20), StandardCharsets.UTF_8);
      throw failure(answer.statusCode(), Document.parse(mapper, text));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private String send(String target, HttpRequest.Builder request) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    HttpResponse<String> answer = ask(target, request);
    while (isNotLeader(answer) && System.nanoTime() < end) {
      Optional<HttpResponse<String>> leaders = askLeader(answer, target, request);
      if (leaders.isPresent() && !isNotLeader(leaders.get())) {
        return bodyOf(leaders.get());
      }
      Thread.sleep(PAUSE);
      answer = ask(target, request);
    }
    return bodyOf(answer);
  }

  private HttpResponse<String> ask(String target, HttpRequest.Builder request)
      throws InterruptedException {
    return exchange(request.uri(at(target)).build(), BodyHandlers.ofString());
  }

  /** Empty when nobody is known to lead, or when whoever did is gone. */
  private Optional<HttpResponse<String>> askLeader(
      HttpResponse<String> refusal, String target, HttpRequest.Builder request)
      throws InterruptedException {
    Optional<String> address = Document.parse(mapper, refusal.body())
        .text("leaderAddress")
        .filter(text -> !text.isEmpty());
    if (address.isEmpty()) {
      return Optional.empty();
    }
    var leader = new ServerClient(URI.create(address.get()), mapper);
    HttpRequest built = request.uri(leader.at(target)).build();
    try {
      return Optional.of(leader.client.send(built, BodyHandlers.ofString()));
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw leader.unreachable(e);
    }
  }

  private String bodyOf(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 == 2) {
      return answer.body();
    }
    throw failure(answer.statusCode(), Document.parse(mapper, answer.body()));
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws InterruptedException {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private URI at(String target) {
    String start = server.toString();
    return URI.create(
        (start.endsWith("/") ? start.substring(0, start.length() - 1) : start) + target);
  }

  private boolean isNotLeader(HttpResponse<String> answer) {
    return answer.statusCode() == 503
        && Document.parse(mapper, answer.body()).textOrEmpty("type").endsWith("/not-leader");
  }

  private static ServerFailure failure(int status, Document problem) {
    String title = problem.text("title").orElse("the server answered");
    String detail = problem.text("detail").map(text -> ": " + text).orElse("");
    String faults = problem.list("errors").stream()
        .map(error ->
            "\n  " + (error.textOrEmpty("pointer") + " " + error.textOrEmpty("detail")).strip())
        .collect(Collectors.joining());
    return new ServerFailure(status, title + " (" + status + ")" + detail + faults);
  }

  private ServerFailure unreachable(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String hint =
        "; is it running? Start one with \"holdfast serve\", or name another with --server";
    return new ServerFailure(0, "no answer from " + server + " (" + why + ")" + hint);
  }
}
