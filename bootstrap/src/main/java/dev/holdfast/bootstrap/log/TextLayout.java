package dev.holdfast.bootstrap.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/** One line an event: time, level, message, pairs; a stack trace follows on lines of its own. */
final class TextLayout extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160)
        .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
        .append(String.format(" %-5s ", event.getLevel()))
        .append(shortened(event.getLoggerName()))
        .append(": ")
        .append(Escapes.plain(String.valueOf(event.getFormattedMessage())));
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> append(line, pair));
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(StackTraces.indented(event.getThrowableProxy()));
    }
    return line.toString();
  }

  private static void append(StringBuilder line, KeyValuePair pair) {
    String value = String.valueOf(pair.value);
    boolean bare = value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=');
    line.append(' ')
        .append(Escapes.plain(pair.key))
        .append('=')
        .append(bare && !value.isEmpty() ? value : Escapes.quoted(value));
  }

  private static String shortened(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  /** Renders stack traces whose messages cannot break lines. */
  static final class StackTraces {

    private StackTraces() {}

    static String indented(IThrowableProxy error) {
      StringBuilder text = new StringBuilder();
      String prefix = "    ";
      for (IThrowableProxy cause = error; cause != null; cause = cause.getCause()) {
        text.append(prefix).append(headline(cause)).append('\n');
        for (var frame : cause.getStackTraceElementProxyArray()) {
          text.append("      ").append(frame.getSTEAsString()).append('\n');
        }
        prefix = "    caused by ";
      }
      return text.toString();
    }

    private static String headline(IThrowableProxy error) {
      String message = error.getMessage();
      return error.getClassName() + (message == null ? "" : ": " + Escapes.plain(message));
    }
  }
}
