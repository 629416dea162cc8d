package dev.holdfast.bootstrap.cli.local;

import dev.holdfast.bootstrap.cli.base.CliContext;
import dev.holdfast.bootstrap.cli.base.ConfigFlags;
import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.log.LogSetup;
import dev.holdfast.bootstrap.wiring.RunningNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve}. */
@Command(
    name = "serve",
    description = {
      "Start a node: it keeps tasks, runs them, and serves the HTTP API.",
      "Settings come from these flags, then from the environment, then from the file of --config.",
      "A signal ends it in good order (exit code 0), a second one at once."
    })
public final class ServeCommand implements Callable<Integer> {

  private final CliContext context;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  /** Serves with the configuration of this context. */
  public ServeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    HoldfastConfig config = ConfigFlags.read(spec, context, Map.of(), Map.of());
    LogSetup.apply(config.log());
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    StopSignal signal = StopSignal.install(() -> {});
    try (RunningNode node = RunningNode.serving(config, context.environment())) {
      log.atInfo()
          .addKeyValue("node", config.node().id())
          .addKeyValue("storage", config.storage())
          .addKeyValue("url", "http://" + config.http().host() + ":" + node.port())
          .log("ready");
      warnOfAddress(config, log);
      signal.await();
      log.atInfo().addKeyValue("node", config.node().id()).log("stopping");
    }
    log.atInfo().addKeyValue("node", config.node().id()).log("stopped");
    return ExitCodes.OK;
  }

  /** An address that means every interface means nothing to others. */
  private static void warnOfAddress(HoldfastConfig config, Logger log) {
    boolean isWild = List.of("0.0.0.0", "::", "[::]").contains(config.http().host());
    if (config.cluster().enabled() && isWild && config.http().advertisedUrl() == null) {
      log.atWarn()
          .addKeyValue("address", config.http().address())
          .log("others are told an address that they cannot use; set HOLDFAST_ADVERTISED_URL");
    }
  }
}
