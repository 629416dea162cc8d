package dev.holdfast.bootstrap.cli;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code version}. */
@Command(
    name = "version",
    description = "Show the versions of Holdfast and of the Java it runs on.")
final class VersionCommand implements Runnable {

  private final CliContext context;

  @Option(
      names = {"-o", "--output"},
      description = "table, json or ndjson.")
  private OutputFormat format = OutputFormat.TABLE;

  VersionCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    switch (format) {
      case TABLE -> context.print(text());
      case JSON, NDJSON -> context.print(context.mapper().write(members()).text());
    }
  }

  private static Map<String, String> members() {
    var members = new LinkedHashMap<String, String>();
    members.put("holdfast", version());
    members.put("java", Runtime.version().toString());
    return members;
  }

  private static String text() {
    return "holdfast " + version() + ", Java " + Runtime.version();
  }

  private static String version() {
    @Nullable String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** For {@code --version}. */
  static final class Provider implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }
}
