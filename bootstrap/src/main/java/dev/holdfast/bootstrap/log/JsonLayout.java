package dev.holdfast.bootstrap.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** One JSON object a line; the pairs of an event are members beside its own. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  @Override
  public String doLayout(ILoggingEvent event) {
    var members = new LinkedHashMap<String, Object>();
    members.put("at", Instant.ofEpochMilli(event.getTimeStamp()));
    members.put("level", event.getLevel());
    members.put("logger", event.getLoggerName());
    members.put("thread", event.getThreadName());
    members.put("message", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> members.putIfAbsent(pair.key, pair.value));
    }
    if (event.getThrowableProxy() != null) {
      members.putIfAbsent("error", TextLayout.StackTraces.indented(event.getThrowableProxy()));
    }
    return members.entrySet().stream()
        .map(JsonLayout::member)
        .collect(Collectors.joining(",", "{", "}\n"));
  }

  private static String member(Map.Entry<String, Object> member) {
    Object value = member.getValue();
    boolean bare = value instanceof Integer || value instanceof Long || value instanceof Boolean;
    return Escapes.quoted(member.getKey())
        + ":"
        + (bare ? value.toString() : Escapes.quoted(String.valueOf(value)));
  }
}
