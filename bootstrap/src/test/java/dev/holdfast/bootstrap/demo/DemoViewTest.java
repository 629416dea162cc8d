package dev.holdfast.bootstrap.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.demo.DemoView.Picture;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.terminal.Terminal;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoViewTest {

  private static final JacksonJsonMapper MAPPER = new JacksonJsonMapper();
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Document NONE = new Document(Map.of());

  private final StringWriter out = new StringWriter();

  @Test
  void a_terminal_shows_a_picture_that_is_drawn_over() {
    view(new Terminal(true, true, true, 80)).show(picture(List.of(new Kill("n2", T0, false, 1))));

    assertThat(out.toString())
        .startsWith("\u001b[H")
        .endsWith("\u001b[J")
        .containsPattern("n1 +runs +leader +healthy +3/4 +http://n1")
        .containsPattern("n2 +killed +worker +dead +0/4")
        .contains("leader n1 term 7", "submitted 9  completed 5  3/s  pending 2  running 4")
        .contains("n2 killed: it held nothing");
  }

  @Test
  void elsewhere_there_are_plain_lines() {
    DemoView view = view(Terminal.NONE);
    Kill kill = new Kill("n1", T0, true, 7);
    kill.moved(T0.plusMillis(400));
    kill.moved(T0.plusMillis(900));
    kill.led("n2", 8, T0.plusMillis(1300));
    view.begin();

    view.show(picture(List.of()));
    view.show(picture(List.of(kill)));
    view.end(List.of(kill));

    assertThat(out.toString().lines())
        .containsExactly(
            "a demo",
            "the nodes are starting",
            "1.5 s  up n1  leader n1 term 7  submitted 9  completed 5  3/s  pending 2  running 4",
            "1.5 s  kill -9 n1 (the leader)",
            "  n1 (the leader) killed: 2 tasks ran elsewhere within 0.9 s; n2 leads after 1.3 s");
    assertThat(kill.gap()).isEqualTo(Duration.ofMillis(1300));
  }

  @Test
  void what_is_not_known_is_shown_as_such() {
    view(Terminal.NONE)
        .show(new Picture(Duration.ZERO, NONE, NONE, NONE, List.of(), 0, 0, List.of()));

    assertThat(out.toString()).contains("no leader now", "?/s  pending ?  running 0");
  }

  @Test
  void only_a_newer_term_is_a_succession() {
    Kill kill = new Kill("n1", T0, true, 7);

    kill.led("n1", 7, T0.minusSeconds(60));

    assertThat(kill.text()).endsWith("; no new leader yet");
    assertThat(kill.gap()).isZero();
  }

  @Test
  void a_result_is_one_line() {
    var result =
        new ClusterDemo.Result(10, 7, 2, 1, 3, Duration.ofMillis(1234), Duration.ofMillis(900));

    assertThat(result.text())
        .isEqualTo("submitted 10, completed 7, open 2, lost 1, kills 3, longest gap 1.2 s,"
            + " longest pause without a completion 0.9 s");
  }

  @Test
  void the_variables_of_postgres_name_a_database() {
    assertThat(DemoDatabase.ofPostgresVariables(Map.of())).isEmpty();
    assertThat(DemoDatabase.ofPostgresVariables(Map.of("PGHOST", "/run/postgresql")))
        .isEmpty();

    DemoDatabase named = DemoDatabase.ofPostgresVariables(
            Map.of("PGHOST", "db", "PGUSER", "me", "PGPASSWORD", "pw"))
        .orElseThrow();

    assertThat(named.settings())
        .containsEntry("postgres.url", "jdbc:postgresql://db:5432/me")
        .containsEntry("postgres.user", "me")
        .containsEntry("postgres.password", "pw");
    named.close();
  }

  private DemoView view(Terminal terminal) {
    return new DemoView(new PrintWriter(out), terminal, "a demo");
  }

  private static Picture picture(List<Kill> kills) {
    return new Picture(
        Duration.ofMillis(1500),
        Document.parse(MAPPER, """
            {"items":[
             {"id":"n1","role":"leader","state":"healthy","address":"http://n1",
              "slots":{"free":3,"total":4}},
             {"id":"n2","role":"worker","state":"dead","slots":{"free":0,"total":4}}]}
            """),
        Document.parse(MAPPER, "{\"node\":\"n1\",\"term\":7}"),
        Document.parse(
            MAPPER,
            "{\"completedPerSecond\":2.6,\"states\":{\"pending\":2,\"claimed\":1,\"running\":3}}"),
        List.of("n1"),
        9,
        5,
        kills);
  }
}
