package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.SseClient.Event;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventsOverHttpTest {

  private static LiveServer live;

  @BeforeAll
  static void start() {
    HttpLimits d = HttpLimits.DEFAULT;
    HttpLimits limits = new HttpLimits(
        100, 50, d.header(), d.body(), d.idle(), Duration.ofMillis(500), Duration.ofMillis(200));
    live = new LiveServer(HttpSettings.DEFAULT.withPort(0).withLimits(limits), WriteGate.ALWAYS);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void stream_tells_a_task_in_version_order() throws Exception {
    try (SseClient stream = new SseClient(live, "?namespace=ordered")) {
      String id = live.submit("{\"type\":\"echo\",\"namespace\":\"ordered\"}");

      List<Event> events = stream.next(4);

      assertThat(stream.status).isEqualTo(200);
      assertThat(events)
          .extracting(Event::type)
          .containsExactly("created", "assigned", "started", "completed");
      assertThat(events).allMatch(event -> event.data().get("taskId").asString().equals(id));
      assertThat(events)
          .extracting(event -> event.data().get("version").asInt())
          .containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void stream_resumes_anywhere_with_nothing_missed_and_nothing_twice() throws Exception {
    StringBuilder batch = new StringBuilder("{\"tasks\":[");
    for (int i = 0; i < 200; i++) {
      batch.append(i == 0 ? "" : ",").append("{\"type\":\"echo\",\"namespace\":\"resumed\"}");
    }
    live.post("/v1/tasks/batch", batch.append("]}").toString());

    List<Event> read = new ArrayList<>();
    String last = "";
    while (read.size() < 800) {
      String[] headers = last.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", last};
      // The id wins over from, which would begin anew.
      try (SseClient stream = new SseClient(live, "?namespace=resumed&from=start", headers)) {
        read.addAll(stream.next(Math.min(37, 800 - read.size())));
      }
      last = read.getLast().id();
    }

    assertThat(read.stream().map(Event::key).distinct().count()).isEqualTo(800);
    Map<String, Integer> versions = new HashMap<>();
    for (Event event : read) {
      int version = event.data().get("version").asInt();
      Integer before = versions.put(event.data().get("taskId").asString(), version);
      assertThat(version).isEqualTo(before == null ? 1 : before + 1);
    }
  }

  @Test
  void stream_shows_what_its_filters_take() throws Exception {
    String other = live.submit("{\"type\":\"echo\",\"namespace\":\"filtered\"}");
    String id = live.submit("{\"type\":\"echo\",\"namespace\":\"filtered\"}");
    live.await(other);
    live.await(id);

    try (SseClient stream =
        new SseClient(live, "?namespace=*&type=completed&from=start&task=" + id)) {
      Event only = stream.next(1).getFirst();

      assertThat(only.type()).isEqualTo("completed");
      assertThat(only.data().get("taskId").asString()).isEqualTo(id);
    }
  }

  @Test
  void stream_from_now_begins_behind_what_happened_and_says_that_it_lives() throws Exception {
    live.await(live.submit("{\"type\":\"echo\",\"namespace\":\"now\"}"));

    try (SseClient stream = new SseClient(live, "?namespace=now")) {
      Thread.sleep(500);
      String later = live.submit("{\"type\":\"echo\",\"namespace\":\"now\"}");

      assertThat(stream.next(1).getFirst().data().get("taskId").asString()).isEqualTo(later);
      assertThat(stream.comments).contains("open", "still here");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.2.3.4", "0.0.01890000-0000-7000-8000-000000000000.01"})
  void malformed_last_event_id_is_400(String id) throws Exception {
    HttpResponse<String> answer = live.get("/v1/events", "Last-Event-ID", id);

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void position_of_another_database_is_410() throws Exception {
    HttpResponse<String> answer = live.get(
        "/v1/events", "Last-Event-ID", "987654321.5.01890000-0000-7000-8000-000000000000.1");

    assertThat(answer.statusCode()).isEqualTo(410);
    assertThat(answer.body()).contains("/problems/position-expired");
  }

  @Test
  void one_stream_too_many_is_503() throws Exception {
    try (LiveServer small = new LiveServer(
            HttpSettings.DEFAULT
                .withPort(0)
                .withLimits(new HttpLimits(
                    10,
                    1,
                    HttpLimits.DEFAULT.header(),
                    HttpLimits.DEFAULT.body(),
                    HttpLimits.DEFAULT.idle(),
                    HttpLimits.DEFAULT.write(),
                    Duration.ofMillis(100))),
            WriteGate.ALWAYS);
        SseClient first = new SseClient(small, "")) {
      assertThat(first.status).isEqualTo(200);
      assertThat(small.get("/v1/events").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void stream_ends_when_the_server_stops() throws Exception {
    LiveServer stopping = new LiveServer();
    try (SseClient stream = new SseClient(stopping, "")) {
      stopping.server.stop(Duration.ofSeconds(5));

      assertThat(stream.next()).isNull();
      assertThat(stream.comments).contains("the server stops");
    } finally {
      stopping.close();
    }
  }

  @Test
  void reader_that_does_not_read_is_cut_off() throws Exception {
    String document = "{\"type\":\"fail\",\"namespace\":\"flood\",\"maxAttempts\":1}";
    String batch = "{\"tasks\":[" + (document + ",").repeat(4999) + document + "]}";
    try (RawClient idle = new RawClient(live.port, 4096)) {
      idle.send("GET /v1/events?namespace=flood&from=start HTTP/1.1\r\nHost: localhost\r\n\r\n");
      for (int i = 0; i < 2; i++) {
        assertThat(live.post("/v1/tasks/batch", batch).statusCode()).isEqualTo(201);
      }
      long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!isIdle() && System.nanoTime() < until) {
        Thread.sleep(50);
      }

      assertThat(isIdle()).isTrue();
      // 10,000 tasks of five events each are far more than the buffers between the two hold.
      assertThat(idle.drain()).isBetween(1L, 12_000_000L);
    }
  }

  private static boolean isIdle() {
    // The scrape itself is not a request here.
    return live.registry.scrape().contains("holdfast_http_active 0.0");
  }
}
