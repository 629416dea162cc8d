package dev.holdfast.application.worker;

import dev.holdfast.domain.value.TaskError;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Turns what a handler threw into a bounded error. */
final class Errors {

  static final int MAX_MESSAGE = 4_000;
  static final int MAX_STACK = 16_000;
  private static final int MAX_TYPE = 255;

  private Errors() {}

  static TaskError of(Throwable thrown) {
    try {
      StringWriter stack = new StringWriter();
      thrown.printStackTrace(new PrintWriter(stack));
      TaskError cause = cause(thrown.getCause(), 1);
      return new TaskError(
          type(thrown), message(thrown), bounded(stack.toString(), MAX_STACK), cause);
    } catch (RuntimeException | StackOverflowError e) {
      // Its own methods are the handler's code too.
      return TaskError.of(
          bounded(thrown.getClass().getName(), MAX_TYPE), "cannot be told: " + e.getClass());
    }
  }

  private static @Nullable TaskError cause(@Nullable Throwable thrown, int depth) {
    if (thrown == null || depth >= TaskError.MAX_DEPTH) {
      return null;
    }
    TaskError beneath = cause(thrown.getCause(), depth + 1);
    return new TaskError(type(thrown), message(thrown), null, beneath);
  }

  private static String type(Throwable thrown) {
    String type = thrown instanceof TaskFailure f ? f.type() : thrown.getClass().getName();
    return bounded(type, MAX_TYPE);
  }

  private static String message(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? "" : bounded(message, MAX_MESSAGE);
  }

  private static String bounded(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "…";
  }
}
