package dev.holdfast.chaos.scenario.network;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.Skipped;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.domain.event.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * F18: the wall clocks of nodes are a day off, in both directions, and step while they run. Nobody
 * may lose anything by it. A round: one step of each clock.
 */
public final class Clocks implements Scenario {

  private static final List<String> OFFSETS =
      List.of("+1d", "-1d", "+3600", "-3600", "+0", "-86399", "+86399");

  @Override
  public String name() {
    return "clocks";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    Path library = library();
    stage.startAll(
        NodeSpec.auto("a").in(clock(stage, "a", "+1d", library)),
        NodeSpec.auto("b").in(clock(stage, "b", "-1d", library)),
        NodeSpec.auto("c"));
    int submitted;
    try (Load load = new Load(stage, 10, 100)) {
      for (int round = 0; round < rounds; round++) {
        Await.pause(Duration.ofMillis(800));
        step(stage, "a", OFFSETS.get(stage.random().nextInt(OFFSETS.size())));
        step(stage, "b", OFFSETS.get(stage.random().nextInt(OFFSETS.size())));
        stage.healed();
      }
      submitted = load.end();
    }
    History history = stage.check(Duration.ofSeconds(60));
    long moved = history.events().stream()
        .filter(event -> event.type() == EventType.REASSIGNED)
        .count();
    report.say("   " + rounds + " steps of two clocks, " + submitted + " tasks, " + moved
        + " reassigned, " + history.leads().size() + " leads");
    if (moved > 0 || history.leads().size() > 1) {
      throw new IllegalStateException("a clock had an effect");
    }
  }

  private static Path library() {
    for (String machine : List.of("x86_64-linux-gnu", "aarch64-linux-gnu")) {
      Path library = Path.of("/usr/lib", machine, "faketime/libfaketimeMT.so.1");
      if (Files.exists(library)) {
        return library;
      }
    }
    throw new Skipped("libfaketime is not installed");
  }

  private static Map<String, String> clock(Stage stage, String node, String offset, Path library)
      throws IOException {
    step(stage, node, offset);
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        file(stage, node).toString(),
        "FAKETIME_NO_CACHE",
        "1",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1");
  }

  private static void step(Stage stage, String node, String offset) throws IOException {
    Path next = stage.folder().resolve("clock-" + node + ".next");
    Files.writeString(next, offset + "\n");
    Files.move(next, file(stage, node), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path file(Stage stage, String node) {
    return stage.folder().resolve("clock-" + node);
  }
}
