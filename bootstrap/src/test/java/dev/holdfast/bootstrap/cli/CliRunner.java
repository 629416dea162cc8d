package dev.holdfast.bootstrap.cli;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs commands inside the test's own process. */
final class CliRunner {

  private final Map<String, String> environment;
  private String input = "";
  private Terminal terminal = Terminal.NONE;

  CliRunner(Map<String, String> environment) {
    this.environment = environment;
  }

  CliRunner input(String text) {
    input = text;
    return this;
  }

  CliRunner on(Terminal other) {
    terminal = other;
    return this;
  }

  /** What a command answered. */
  record Outcome(int exitCode, String out, String err) {}

  Outcome run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    var context =
        new CliContext(environment, in, new PrintWriter(out), new PrintWriter(err), terminal);
    int exitCode = Cli.run(context, args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }
}
