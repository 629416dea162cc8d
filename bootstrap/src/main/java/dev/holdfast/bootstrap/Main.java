package dev.holdfast.bootstrap;

import dev.holdfast.bootstrap.cli.Cli;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the process begins. */
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    var environment = System.getenv();
    var context = new CliContext(
        environment,
        System.in,
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        Terminal.detect(environment));
    System.exit(Cli.run(context, args));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    var stream = new FileOutputStream(descriptor);
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
  }
}
