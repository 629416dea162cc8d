package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.CliFailure;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.ServerClient;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** The options of every command that asks a server. */
final class ServerOption {

  private static final String FALLBACK = "http://127.0.0.1:8080";

  @Option(
      names = "--server",
      paramLabel = "<url>",
      description = "The base URL of the server. Default: " + FALLBACK + ". (HOLDFAST_SERVER)")
  private String server = "";

  @Option(
      names = {"-o", "--output"},
      description = "How data are printed: table, json or ndjson. Default: table.")
  private OutputFormat format = OutputFormat.TABLE;

  OutputFormat format() {
    return format;
  }

  ServerClient client(CliContext context) {
    return new ServerClient(base(context), context.mapper());
  }

  private URI base(CliContext context) {
    String variable = context.environment().getOrDefault("HOLDFAST_SERVER", "");
    String text = !server.isBlank() ? server : !variable.isBlank() ? variable : FALLBACK;
    try {
      URI base = URI.create(text.strip());
      if (base.getHost() != null && String.valueOf(base.getScheme()).matches("https?")) {
        return base;
      }
    } catch (IllegalArgumentException e) {
      // Reported below like every other text that is no such URL.
    }
    throw new CliFailure(
        ExitCodes.USAGE, "\"" + text + "\" is no base URL of a server, such as " + FALLBACK);
  }

  /** A text as part of a path or query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
