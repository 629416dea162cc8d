package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WireTest {

  private static final String HOST = "Host: localhost\r\n";
  private static LiveServer live;

  @BeforeAll
  static void start() {
    HttpLimits limits = new HttpLimits(
        200,
        2,
        Duration.ofMillis(700),
        Duration.ofMillis(700),
        Duration.ofMillis(700),
        Duration.ofMillis(700),
        Duration.ofMillis(200));
    live =
        new LiveServer(new HttpSettings("127.0.0.1", 0, Set.of(), false, limits), WriteGate.ALWAYS);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  static Stream<Arguments> malformed() {
    String json = "Content-Type: application/json\r\n";
    return Stream.of(
        Arguments.of("nonsense", "hello\r\n\r\n", 400),
        Arguments.of("no version", "GET /livez\r\n" + HOST + "\r\n", 400),
        Arguments.of("old version", "GET /livez HTTP/1.0\r\n" + HOST + "\r\n", 400),
        Arguments.of("other version", "GET /livez HTTP/9.9\r\n" + HOST + "\r\n", 400),
        Arguments.of("bare line feeds", "GET /livez HTTP/1.1\nHost: localhost\n\n", 400),
        Arguments.of("no host", "GET /livez HTTP/1.1\r\n\r\n", 400),
        Arguments.of("two hosts", "GET /livez HTTP/1.1\r\n" + HOST + HOST + "\r\n", 400),
        Arguments.of("other host", "GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        Arguments.of("no colon", "GET /livez HTTP/1.1\r\n" + HOST + "broken\r\n\r\n", 400),
        Arguments.of("space in name", "GET /livez HTTP/1.1\r\n" + HOST + "a b: c\r\n\r\n", 400),
        Arguments.of("control in value", "GET /livez HTTP/1.1\r\n" + HOST + "a: b\0c\r\n\r\n", 400),
        Arguments.of(
            "long target", "GET /livez?" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
        Arguments.of("endless target", "GET /" + "a".repeat(200_000), 414),
        Arguments.of(
            "large header",
            "GET /livez HTTP/1.1\r\n" + HOST + "a: " + "b".repeat(120_000) + "\r\n\r\n",
            431),
        Arguments.of(
            "many fields", "GET /livez HTTP/1.1\r\n" + HOST + "a: b\r\n".repeat(64) + "\r\n", 431),
        Arguments.of(
            "length and chunks",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        Arguments.of(
            "two lengths",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            400),
        Arguments.of(
            "negative length",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json + "Content-Length: -1\r\n\r\n{}",
            400),
        Arguments.of(
            "huge length",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Content-Length: 99999999999999999999\r\n\r\n{}",
            400),
        Arguments.of(
            "large length",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json + "Content-Length: 10000000\r\n\r\n{}",
            413),
        Arguments.of(
            "other coding",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            400),
        Arguments.of(
            "bad chunk size",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            400),
        Arguments.of(
            "giant chunk",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n" + "x".repeat(5_000_000),
            413),
        Arguments.of(
            "endless chunk size",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json + "Transfer-Encoding: chunked\r\n\r\n"
                + "0".repeat(6_000_000),
            413),
        Arguments.of(
            "large chunks",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Transfer-Encoding: chunked\r\n\r\n"
                + ("10000\r\n" + "x".repeat(65536) + "\r\n").repeat(40),
            413),
        Arguments.of(
            "coded content",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            400),
        Arguments.of("unknown method", "BREW /v1/tasks HTTP/1.1\r\n" + HOST + "\r\n", 405),
        Arguments.of("dots", "GET /v1/../livez HTTP/1.1\r\n" + HOST + "\r\n", 404),
        Arguments.of("encoded dots", "GET /..%2f..%2fetc HTTP/1.1\r\n" + HOST + "\r\n", 404),
        Arguments.of("bad encoding", "GET /v1/tasks/%zz HTTP/1.1\r\n" + HOST + "\r\n", 400),
        Arguments.of("bad query", "GET /v1/tasks?limit=%zz HTTP/1.1\r\n" + HOST + "\r\n", 400),
        Arguments.of("query with NUL", "GET /v1/tasks?tag=%00 HTTP/1.1\r\n" + HOST + "\r\n", 400),
        Arguments.of("odd method", "G\u00ffT /livez HTTP/1.1\r\n" + HOST + "\r\n", 400),
        Arguments.of("slow header", "GET /livez HTTP/1.1\r\nHost: loc", 408),
        Arguments.of(
            "slow content",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json + "Content-Length: 20\r\n\r\n{",
            408),
        Arguments.of(
            "slow chunks",
            "POST /v1/tasks HTTP/1.1\r\n" + HOST + json
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            408));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformed_request_is_answered_with_a_problem(String name, String request, int status)
      throws IOException {
    try (RawClient client = new RawClient(live.port)) {
      String answer =
          client.trySend(request.getBytes(StandardCharsets.ISO_8859_1)).answer();

      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer).contains("application/problem+json").contains("\"status\":" + status);
      assertThat(answer).doesNotContain("Exception").doesNotContain("\tat ");
    }
  }

  @Test
  void dripping_header_is_cut_off_at_its_deadline() throws Exception {
    try (RawClient client = new RawClient(live.port)) {
      client.send("GET /livez HTTP/1.1\r\n");
      long began = System.nanoTime();
      for (int i = 0; i < 20 && System.nanoTime() - began < 5_000_000_000L; i++) {
        client.trySend("a".getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(100);
      }

      assertThat(client.answer()).startsWith("HTTP/1.1 408 ");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void idle_connection_is_closed_without_a_word() throws Exception {
    try (RawClient client = new RawClient(live.port)) {
      client.send("GET /livez HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 200 ");

      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void connection_is_kept_over_requests_and_closed_on_request() throws Exception {
    try (RawClient client = new RawClient(live.port)) {
      String get = "GET /livez HTTP/1.1\r\n" + HOST;
      assertThat(client.send(get + "\r\n").answer()).startsWith("HTTP/1.1 200 ");
      assertThat(client.send(get + "Connection: close\r\n\r\n").answer())
          .startsWith("HTTP/1.1 200 ")
          .contains("Connection: close");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void small_content_that_nobody_wants_does_not_cost_the_connection() throws Exception {
    try (RawClient client = new RawClient(live.port)) {
      client.send("POST /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello");
      assertThat(client.answer()).startsWith("HTTP/1.1 404 ").doesNotContain("Connection: close");
      assertThat(client.send("GET /livez HTTP/1.1\r\n" + HOST + "\r\n").answer())
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void content_is_asked_for_when_the_client_waits_for_that() throws Exception {
    String expecting = "POST %s HTTP/1.1\r\n" + HOST
        + "Content-Type: application/json\r\nContent-Length: %d\r\n"
        + "Expect: 100-continue\r\n\r\n";
    try (RawClient client = new RawClient(live.port)) {
      client.send(expecting.formatted("/v1/tasks", 15));
      assertThat(client.answer()).startsWith("HTTP/1.1 100 ");
      assertThat(client.send("{\"type\":\"echo\"}").answer()).startsWith("HTTP/1.1 201 ");
    }
    try (RawClient client = new RawClient(live.port)) {
      assertThat(client.send(expecting.formatted("/v1/tasks", 5_000_000)).answer())
          .startsWith("HTTP/1.1 413 ");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    try (RawClient client = new RawClient(live.port)) {
      String get = "GET /livez HTTP/1.1\r\n" + HOST + "\r\n";
      String post = "POST /v1/tasks HTTP/1.1\r\n" + HOST
          + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "f\r\n{\"type\":\"echo\"}\r\n0\r\n\r\n";
      client.send(get + post + get);

      assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
      assertThat(client.answer()).startsWith("HTTP/1.1 201 ");
      assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void slow_clients_do_not_stop_others() throws Exception {
    RawClient[] slow = new RawClient[150];
    for (int i = 0; i < slow.length; i++) {
      slow[i] = new RawClient(live.port);
      slow[i].send(
          i % 2 == 0
              ? "GET /livez HTTP/1.1\r\nHost:"
              : "POST /v1/tasks HTTP/1.1\r\n" + HOST
                  + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    }
    long began = System.nanoTime();

    assertThat(live.get("/livez").statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(600));
    for (RawClient client : slow) {
      assertThat(client.answer()).startsWith("HTTP/1.1 408 ");
      client.close();
    }
  }
}
