package dev.holdfast.bootstrap.cli.base;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.terminal.Terminal;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;

/**
 * What a command knows of the world.
 *
 * @param environment the variables of the process
 * @param in standard input
 * @param out for data
 * @param err for everything else
 */
public record CliContext(
    Map<String, String> environment,
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Terminal terminal) {

  public CliContext {
    environment = Map.copyOf(environment);
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
    Objects.requireNonNull(terminal, "terminal");
  }

  /** A mapper for what is read and printed. */
  public JsonMapper mapper() {
    return new JacksonJsonMapper();
  }

  /** Prints a line of data. */
  public void print(String line) {
    out.println(line);
  }

  /** Tells people something that is no data. */
  public void tell(String line) {
    err.println(line);
    err.flush();
  }
}
