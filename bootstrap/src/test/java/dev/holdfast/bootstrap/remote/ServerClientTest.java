package dev.holdfast.bootstrap.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.bootstrap.remote.ServerClient.Body;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerClientTest {

  private static final JacksonJsonMapper MAPPER = new JacksonJsonMapper();

  private static final String NOBODY_LEADS =
      "{\"type\":\"/problems/not-leader\",\"title\":\"Not the leader\"}";

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer follower;
  private HttpServer leader;

  @BeforeEach
  void start() throws IOException {
    follower = server();
    leader = server();
  }

  @AfterEach
  void stop() {
    follower.stop(0);
    leader.stop(0);
  }

  @Test
  void post_follows_the_leader() throws Exception {
    answer(follower, 503, notLeader(url(leader)));
    answer(leader, 201, "{\"id\":\"x\"}");

    assertThat(client(follower).post("/v1/tasks", Body.json("{}"))).isEqualTo("{\"id\":\"x\"}");
    assertThat(asked).hasValue(2);
  }

  @Test
  void post_does_not_follow_for_ever() {
    answer(follower, 503, notLeader(url(leader)));
    answer(leader, 503, notLeader(url(follower)));

    assertThatThrownBy(() -> client(follower).post("/v1/tasks", Body.json("{}")))
        .isInstanceOfSatisfying(ServerFailure.class, e -> assertThat(e.status()).isEqualTo(503));
  }

  @Test
  void post_waits_for_a_leader() throws Exception {
    answer(
        follower,
        () -> asked.get() < 3 ? 503 : 201,
        () -> asked.get() < 3 ? NOBODY_LEADS : "{\"id\":\"y\"}");

    assertThat(client(follower).post("/v1/tasks", Body.json("{}"))).isEqualTo("{\"id\":\"y\"}");
  }

  @Test
  void post_asks_again_when_the_leader_is_gone() throws Exception {
    String address = url(leader);
    leader.stop(0);
    answer(
        follower,
        () -> asked.get() < 2 ? 503 : 201,
        () -> asked.get() < 2 ? notLeader(address) : "{\"id\":\"z\"}");

    assertThat(client(follower).post("/v1/tasks", Body.json("{}"))).isEqualTo("{\"id\":\"z\"}");
  }

  @Test
  void a_refusal_without_a_leader_is_a_failure_in_the_end() {
    answer(follower, 503, NOBODY_LEADS);

    assertThatThrownBy(() -> client(follower).get("/v1/tasks")).hasMessage("Not the leader (503)");
  }

  @Test
  void a_failure_without_a_problem_document_is_one_too() {
    answer(follower, 500, "<html>");

    assertThatThrownBy(() -> client(follower).get("/v1/tasks"))
        .hasMessage("the server answered (500)");
  }

  @Test
  void stream_fails_with_the_problem() {
    answer(follower, 410, "{\"title\":\"Gone\",\"detail\":\"too old\"}");

    assertThatThrownBy(() -> client(follower).stream("/v1/events", "Last-Event-ID", "1"))
        .hasMessage("Gone (410): too old");
  }

  @Test
  void nobody_there_is_a_failure_without_status() {
    follower.stop(0);

    assertThatThrownBy(() -> client(follower).get("/"))
        .isInstanceOfSatisfying(ServerFailure.class, e -> assertThat(e.status()).isZero());
    assertThatThrownBy(() -> new ServerClient(URI.create("https://127.0.0.1:1"), MAPPER).get("/"))
        .isInstanceOf(ServerFailure.class);
  }

  @Test
  void events_are_read_with_their_positions() throws IOException {
    String stream =
        ": hello\n\nid: 1\nevent: created\ndata: {\"a\":\ndata: 1}\n\n\nid:2\ndata:b\n\nid: 3\n";

    try (var reader =
        new EventReader(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)))) {
      assertThat(reader.next()).isEqualTo(new EventReader.Received("1", "{\"a\":\n1}"));
      assertThat(reader.next()).isEqualTo(new EventReader.Received("2", "b"));
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void documents_answer_nothing_for_what_is_not_there() {
    Document document = Document.parse(MAPPER, "{\"a\":1,\"l\":[{\"b\":\"x\"}]}");

    assertThat(document.text("a")).isEmpty();
    assertThat(document.object("a").members()).isEmpty();
    assertThat(document.list("a")).isEmpty();
    assertThat(document.list("l").get(0).textOrEmpty("b")).isEqualTo("x");
    assertThat(Document.parse(MAPPER, "[]").members()).isEmpty();
    assertThat(Document.parse(MAPPER, "{").members()).isEmpty();
  }

  private static String notLeader(String address) {
    return "{\"type\":\"/problems/not-leader\",\"leaderAddress\":\"" + address + "\"}";
  }

  private static ServerClient client(HttpServer server) {
    return new ServerClient(URI.create(url(server)), MAPPER, Duration.ofSeconds(1));
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpServer server, int status, String body) {
    answer(server, () -> status, () -> body);
  }

  private void answer(HttpServer server, Supplier<Integer> status, Supplier<String> body) {
    server.createContext("/", exchange -> {
      asked.incrementAndGet();
      byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status.get(), bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    return server;
  }
}
