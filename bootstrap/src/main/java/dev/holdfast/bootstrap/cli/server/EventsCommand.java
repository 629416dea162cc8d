package dev.holdfast.bootstrap.cli.server;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.OutputFormat;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.EventReader;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.bootstrap.remote.ServerFailure;
import dev.holdfast.bootstrap.terminal.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code events}. */
@Command(
    name = "events",
    description =
        "Print what has happened to tasks, in order; with --follow, what happens from now on.",
    sortOptions = false)
public final class EventsCommand implements Callable<Integer> {

  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final CliContext context;

  @Mixin
  private ServerOption server = new ServerOption();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on for ever, over interruptions; from now on unless --from start is given."
          + " Without it, print from the start and end when nothing came for a second.")
  private boolean follow;

  @Option(names = "--from", description = "start or now.")
  private String from = "";

  @Option(names = "--after", paramLabel = "<position>", description = "Go on behind this position.")
  private String after = "";

  @Option(names = "--namespace", description = "Only of this namespace.")
  private String namespace = "";

  @Option(names = "--type", description = "Only events of this type, for example failed.")
  private String type = "";

  @Option(names = "--task", paramLabel = "<id>", description = "Only of this task.")
  private String task = "";

  /** Prints to this context. */
  public EventsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerClient client = server.client(context);
    String target = "/v1/events?" + query();
    // The first connection must stand; only later ones are tried again.
    boolean more = read(client.stream(target, resume()));
    while (follow && more) {
      Thread.sleep(PAUSE);
      more = tryAgain(client, target);
    }
    return 0;
  }

  private boolean tryAgain(ServerClient client, String target) throws InterruptedException {
    try {
      return read(client.stream(target, resume()));
    } catch (ServerFailure e) {
      if (e.status() == 0 || e.status() == 503) {
        return true;
      }
      throw e;
    }
  }

  private String[] resume() {
    return after.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", after};
  }

  /** Whether the other side, not we, ended it. */
  private boolean read(InputStream stream) {
    try (var reader = new EventReader(stream);
        var silence = new Silence(reader, follow)) {
      for (var event = reader.next(); event != null; event = reader.next()) {
        silence.broken();
        after = event.id().isEmpty() ? after : event.id();
        print(event.data());
      }
    } catch (IOException e) {
      return true;
    }
    return true;
  }

  private void print(String data) {
    if (server.format() != OutputFormat.TABLE) {
      context.print(data);
    } else {
      Document event = Document.parse(context.mapper(), data);
      var row = new TextTable()
          .row(
              event.get("at"),
              event.get("taskId"),
              event.get("version"),
              event.get("type"),
              event.get("node"),
              event.object("detail").members().isEmpty() ? "" : event.get("detail"));
      row.lines().forEach(context::print);
    }
    context.out().flush();
  }

  private String query() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("from", from.isEmpty() ? (follow ? "now" : "start") : from);
    parameters.put("namespace", namespace);
    parameters.put("type", type);
    parameters.put("task", task);
    return parameters.entrySet().stream()
        .filter(parameter -> !parameter.getValue().isEmpty())
        .map(one -> one.getKey() + "=" + ServerOption.encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** Closes a reader that nothing came from for a while; never, when it is to go on. */
  private static final class Silence implements AutoCloseable {

    private final EventReader reader;
    private final boolean never;
    private final java.util.concurrent.ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private @Nullable ScheduledFuture<?> end;

    Silence(EventReader reader, boolean never) {
      this.reader = reader;
      this.never = never;
      broken();
    }

    void broken() {
      if (end != null) {
        end.cancel(false);
      }
      if (!never) {
        end = timer.schedule(this::closeReader, QUIET.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private @Nullable Void closeReader() throws IOException {
      reader.close();
      return null;
    }

    @Override
    public void close() {
      timer.shutdownNow();
    }
  }
}
