package dev.holdfast.bootstrap.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.holdfast.bootstrap.config.HoldfastConfig.Log;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogFormat;
import dev.holdfast.bootstrap.config.HoldfastConfig.LogLevel;
import dev.holdfast.domain.value.Json;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogTest {

  private final LoggerContext context = new LoggerContext();

  @Test
  void text_lines_have_time_level_message_and_pairs() {
    LoggingEvent event = event("ready", null);
    event.setKeyValuePairs(List.of(
        new KeyValuePair("node", "n1"),
        new KeyValuePair("detail", "two words"),
        new KeyValuePair("empty", ""),
        new KeyValuePair("attempt", 3)));

    assertThat(new TextLayout().doLayout(event))
        .isEqualTo("2026-01-02T03:04:05.678Z INFO  Part: ready node=n1 detail=\"two words\""
            + " empty=\"\" attempt=3\n");
  }

  @Test
  void text_lines_escape_what_would_end_them_or_steer_a_terminal() {
    LoggingEvent event = event("a\nb\u001b[31m\u202e\u2028\t\r", null);
    event.setKeyValuePairs(List.of(new KeyValuePair("k", "x\ny\"")));

    assertThat(new TextLayout().doLayout(event))
        .endsWith("Part: a\\nb\\u001b[31m\\u202e\\u2028\\t\\r k=\"x\\ny\\\"\"\n")
        .hasLineCount(1);
  }

  @Test
  void text_lines_are_followed_by_the_stack_trace() {
    var error = new IllegalStateException("bad\nthing", new RuntimeException());

    assertThat(new TextLayout().doLayout(event("failed", error)))
        .contains("\n    java.lang.IllegalStateException: bad\\nthing\n      at ")
        .contains("\n    caused by java.lang.RuntimeException\n");
  }

  @Test
  void json_lines_are_documents() {
    LoggingEvent event = event("say \"hi\"\n", new IllegalStateException("why"));
    event.setKeyValuePairs(List.of(
        new KeyValuePair("task", "t"),
        new KeyValuePair("attempt", 2),
        new KeyValuePair("message", "no second one")));

    String line = new JsonLayout().doLayout(event);

    Map<?, ?> members = new JacksonJsonMapper().read(new Json(line), Map.class);
    assertThat(line).hasLineCount(1);
    assertThat(members.get("at")).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(members.get("level")).isEqualTo("INFO");
    assertThat(members.get("logger")).isEqualTo("dev.holdfast.Part");
    assertThat(members.get("message")).isEqualTo("say \"hi\"\n");
    assertThat(members.get("task")).isEqualTo("t");
    assertThat(members.get("attempt")).isEqualTo(2);
    assertThat(members.get("error").toString()).contains("IllegalStateException: why");
  }

  @Test
  void apply_sets_level_and_layout() {
    LogSetup.apply(new Log(LogFormat.JSON, LogLevel.INFO), context);

    assertThat(context.getLogger("dev.holdfast.x").getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger("io.library").getEffectiveLevel()).isEqualTo(Level.WARN);
    var appender = (ConsoleAppender<?>) context.getLogger("ROOT").getAppender("stderr");
    assertThat(appender.getTarget()).isEqualTo("System.err");

    LogSetup.apply(new Log(LogFormat.TEXT, LogLevel.DEBUG), context);
    assertThat(context.getLogger("io.library").getEffectiveLevel()).isEqualTo(Level.DEBUG);
    LogSetup.apply(new Log(LogFormat.TEXT, LogLevel.ERROR), context);
    assertThat(context.getLogger("io.library").getEffectiveLevel()).isEqualTo(Level.ERROR);
    assertThat(context.getLogger("dev.holdfast").getEffectiveLevel()).isEqualTo(Level.ERROR);
  }

  private LoggingEvent event(String message, Throwable error) {
    var logger = context.getLogger("dev.holdfast.Part");
    var event = new LoggingEvent("here", logger, Level.INFO, message, error, null);
    event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
    event.setThreadName("main");
    return event;
  }
}
