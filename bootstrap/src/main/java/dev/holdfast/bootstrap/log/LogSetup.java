package dev.holdfast.bootstrap.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.holdfast.bootstrap.config.HoldfastConfig.Log;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/** Puts the log in order, without the detour over a configuration file, which costs start-up. */
public final class LogSetup {

  /** Set by those who want to configure Logback by a file of their own; then nothing is done. */
  private static final String OWN_FILE = "logback.configurationFile";

  private LogSetup() {}

  /** From now on, log lines look like this and go to standard error. */
  public static void apply(Log log) {
    if (System.getProperty(OWN_FILE) == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      apply(log, context);
    }
  }

  static void apply(Log log, LoggerContext context) {
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = appender(layout(log), context);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = Level.valueOf(log.level().name());
    root.setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level);
    // What libraries tell of themselves is for those who ask for details.
    context.getLogger("dev.holdfast").setLevel(level);
    if (level.isGreaterOrEqual(Level.WARN)) {
      root.setLevel(level);
    }
    // Shows as a stack trace what the one who starts the server reports in a sentence.
    context.getLogger("io.helidon.webserver.LoomServer").setLevel(Level.OFF);
    root.addAppender(appender);
  }

  private static Layout<ILoggingEvent> layout(Log log) {
    return switch (log.format()) {
      case TEXT -> new TextLayout();
      case JSON -> new JsonLayout();
    };
  }

  private static ConsoleAppender<ILoggingEvent> appender(
      Layout<ILoggingEvent> layout, LoggerContext context) {
    layout.setContext(context);
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
