package dev.holdfast.http.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.worker.TaskFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class HttpTaskHandlerTest {

  private static final List<String> LOCAL = List.of("127.0.0.1");
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private static String run(List<String> allowed, String payload) throws Exception {
    return handler(allowed, InetAddress::getAllByName)
        .handle(new Attempt(payload))
        .text();
  }

  private static HttpTaskHandler handler(List<String> allowed, HttpTaskHandler.Resolver resolver) {
    return new HttpTaskHandler(
        allowed, resolver, (SSLSocketFactory) SSLSocketFactory.getDefault(), PATIENCE);
  }

  @Test
  void request_arrives_as_the_payload_says() throws Exception {
    try (Target target =
        new Target("HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\n" + "Content-Length: 3\r\n\r\né!")) {
      String result = run(LOCAL, """
          {"method":"post","url":"http://127.0.0.1:%d/a%%20b?c=d#e","headers":{"X-B":"y"},
           "body":{"n": 1.50}}""".formatted(target.port()));

      assertThat(result)
          .isEqualTo("{\"status\":200,\"headers\":{\"content-length\":\"3\",\"x-a\":\"1, 2\"},"
              + "\"body\":\"é!\"}");
      assertThat(target.request())
          .startsWith("POST /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + target.port() + "\r\n")
          .contains("X-B: y\r\n", "Content-Type: application/json\r\n", "Content-Length: 11\r\n")
          .endsWith("\r\n\r\n{\"n\": 1.50}");
    }
  }

  @Test
  void text_body_is_sent_as_it_is() throws Exception {
    try (Target target = new Target("HTTP/1.1 204 No Content\r\n\r\n")) {
      String result = run(LOCAL, """
          {"method":"PUT","url":"http://127.0.0.1:%d","body":"a\\nb","headers":{"Content-Type":"text/x"}}""".formatted(target.port()));

      assertThat(result).isEqualTo("{\"status\":204,\"headers\":{},\"body\":\"\"}");
      assertThat(target.request())
          .startsWith("PUT / HTTP/1.1\r\n")
          .contains("Content-Type: text/x\r\n")
          .doesNotContain("application/json")
          .endsWith("\r\n\r\na\nb");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n3\r\ncde\r\n0\r\n\r\n",
        "HTTP/1.0 200\r\n\r\nabcde",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nContent-Length: 5\n\nabcde and more"
      })
  void answer_may_be_framed_in_every_way(String answer) throws Exception {
    try (Target target = new Target(answer)) {
      assertThat(run(LOCAL, target.get())).endsWith("\"body\":\"abcde\"}");
    }
  }

  @Test
  void what_no_storage_keeps_is_replaced() throws Exception {
    try (Target target = new Target("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\nx\0y")) {
      assertThat(run(LOCAL, target.get()))
          .isEqualTo("{\"status\":200,\"headers\":{\"a\":\"b?c\"},\"body\":\"x\uFFFDy\"}");
    }
  }

  @Test
  void redirect_is_not_followed() throws Exception {
    try (Target target = new Target(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n" + "Content-Length: 0\r\n\r\n")) {
      assertFailure("http_status", true, target.get());
    }
    try (Target target = new Target("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n")) {
      String payload = target.get().replace("}", ",\"expectStatus\":[302]}");
      assertThat(run(LOCAL, payload)).contains("\"status\":302", "\"location\":\"/x\"");
    }
  }

  @Test
  void unexpected_status_fails_the_attempt() throws Exception {
    try (Target target = new Target("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      assertFailure("http_status", true, target.get().replace("}", ",\"expectStatus\":[201]}"));
    }
  }

  @Test
  void head_has_no_content() throws Exception {
    try (Target target = new Target("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")) {
      assertThat(run(LOCAL, target.get().replace("}", ",\"method\":\"HEAD\"}")))
          .endsWith("\"body\":\"\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
      })
  void answer_that_is_too_large_is_fatal(String answer) throws Exception {
    try (Target target = new Target(answer)) {
      assertFailure("answer_too_large", false, target.get());
    }
  }

  @Test
  void answer_without_end_is_cut_off() throws Exception {
    try (Target target = new Target("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(700_000))) {
      assertFailure("answer_too_large", false, target.get());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbroken\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\n"
            + "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
      })
  void broken_answer_fails_the_attempt(String answer) throws Exception {
    try (Target target = new Target(answer)) {
      assertThatThrownBy(() -> run(LOCAL, target.get()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not HTTP/1.1");
    }
  }

  @Test
  void header_without_end_fails_the_attempt() throws Exception {
    try (Target target = new Target("HTTP/1.1 200 OK\r\nA: " + "b".repeat(40_000))) {
      assertThatThrownBy(() -> run(LOCAL, target.get())).hasMessageContaining("too large");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "HTTP/1.1 2", ""})
  void answer_that_breaks_off_fails_the_attempt(String answer) throws Exception {
    try (Target target = new Target(answer)) {
      assertThatThrownBy(() -> run(LOCAL, target.get())).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void target_that_drips_is_given_up_at_the_deadline() throws Exception {
    try (Target target = Target.dripping()) {
      long began = System.nanoTime();

      assertFailure("http_timeout", true, target.get());

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.2/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest",
        "http://10.1.2.3/",
        "http://192.168.0.1:81/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://93.184.216.34/"
      })
  void target_that_is_not_allowed_is_refused(String url) {
    // A host name opens public addresses only, and a wide range none inside.
    List<String> allowed = List.of("example.invalid", "127.0.0.77", "8.0.0.0/7");

    assertThatThrownBy(() -> run(allowed, "{\"url\":\"" + url + "\"}"))
        .isInstanceOfSatisfying(TaskFailure.class, failure -> {
          assertThat(failure.type()).isEqualTo("target_not_allowed");
          assertThat(failure.mayRetry()).isFalse();
        });
  }

  @Test
  void name_is_looked_up_once_and_the_checked_address_is_called() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    // The second look-up of a flipping name server would lead elsewhere.
    HttpTaskHandler.Resolver flipping = host -> new InetAddress[] {
      InetAddress.getByName("10.0.0.1"),
      InetAddress.getByName(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.99")
    };
    try (Target target = new Target("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      String payload = target.get().replace("127.0.0.1", "api.example");

      handler(LOCAL, flipping).handle(new Attempt(payload));

      assertThat(lookups).hasValue(1);
      assertThat(target.request()).contains("Host: api.example:" + target.port());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"url\":1}",
        "{\"url\":\"ftp://a/\"}",
        "{\"url\":\"http:/a\"}",
        "{\"url\":\"http://u:p@a/\"}",
        "{\"url\":\"http://a b/\"}",
        "{\"url\":\"http://127.1/\"}",
        "{\"url\":\"http://a/\",\"method\":\"CONNECT\"}",
        "{\"url\":\"http://a/\",\"method\":\"G T\"}",
        "{\"url\":\"http://a/\",\"headers\":{\"Host\":\"b\"}}",
        "{\"url\":\"http://a/\",\"headers\":{\"a b\":\"b\"}}",
        "{\"url\":\"http://a/\",\"headers\":{\"a\":\"b\\r\\nc: d\"}}",
        "{\"url\":\"http://a/\",\"headers\":{\"a\":1}}",
        "{\"url\":\"http://a/\",\"expectStatus\":[]}",
        "{\"url\":\"http://a/\",\"expectStatus\":[\"200\"]}",
        "{\"url\":\"http://a/\",\"expectStatus\":[600]}",
        "{\"url\":\"http://a/\",\"follow\":true}"
      })
  void payload_that_makes_no_sense_is_fatal(String payload) {
    assertThatThrownBy(() -> run(LOCAL, payload))
        .isInstanceOfSatisfying(TaskFailure.class, failure -> {
          assertThat(failure.type()).isEqualTo("invalid_payload");
          assertThat(failure.mayRetry()).isFalse();
        });
  }

  @Test
  void tls_is_asked_for_under_the_name_of_the_url() throws Exception {
    try (Target target = new Target("this is no handshake")) {
      String payload = target.get().replace("http://127.0.0.1", "https://api.example");
      HttpTaskHandler handler = handler(LOCAL, host -> InetAddress.getAllByName("127.0.0.1"));

      assertThatThrownBy(() -> handler.handle(new Attempt(payload)))
          .isInstanceOf(IOException.class);
      assertThat(target.request()).contains("api.example");
    }
  }

  @Test
  void handler_needs_a_target() {
    assertThatThrownBy(() -> new HttpTaskHandler(List.of(" ")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new HttpTaskHandler(List.of("example.org"))).isNotNull();
  }

  private static void assertFailure(String type, boolean mayRetry, String payload) {
    assertThatThrownBy(() -> run(LOCAL, payload))
        .isInstanceOfSatisfying(TaskFailure.class, failure -> {
          assertThat(failure.type()).isEqualTo(type);
          assertThat(failure.mayRetry()).isEqualTo(mayRetry);
        });
  }
}
