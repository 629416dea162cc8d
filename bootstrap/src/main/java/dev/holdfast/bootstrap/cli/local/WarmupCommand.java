package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.config.ConfigReader;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.log.LogSetup;
import dev.holdfast.bootstrap.remote.ServerClient;
import dev.holdfast.bootstrap.wiring.RunningNode;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code warmup}: lives the life of a server in small, in a folder that is gone afterwards, so that
 * the launcher can archive the classes that this takes.
 */
@Command(name = "warmup", hidden = true, description = "Load what a server needs, and end.")
public final class WarmupCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CliContext context;

  @Option(
      names = "--unpack",
      description = "Also put native libraries where they need not be unpacked at every start.")
  private boolean unpack;

  /** Prints to this context. */
  public WarmupCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (unpack) {
      NativeLibrary.unpackBesideJar();
    }
    Path folder = Files.createTempDirectory("holdfast-warmup");
    Path file = folder.resolve("warmup.duckdb");
    Map<String, String> flags = Map.of("duckdb.file", file.toString(), "http.port", "0");
    try {
      // The second start finds the schema as it is: that is the usual one.
      serve(flags);
      serve(flags);
    } finally {
      remove(folder);
    }
    return 0;
  }

  private void serve(Map<String, String> flags) throws InterruptedException {
    HoldfastConfig config = ConfigReader.read(flags, Map.of());
    LogSetup.apply(config.log());
    try (RunningNode node = RunningNode.serving(config, Map.of())) {
      Tasks tasks = node.engine().tasks();
      var answer = tasks.submit(List.of(NewTask.of("echo", Json.EMPTY_OBJECT)));
      if (answer instanceof SubmitAnswer.Accepted accepted) {
        tasks.await(accepted.receipts().get(0).id(), PATIENCE);
      }
      URI server = URI.create("http://127.0.0.1:" + node.port());
      var client = new ServerClient(server, context.mapper());
      client.post("/v1/tasks", ServerClient.Body.json("{\"type\":\"echo\"}"));
      client.get("/v1/tasks");
      client.get("/readyz");
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        Files.delete(path);
      }
    }
    Files.delete(folder);
  }
}
