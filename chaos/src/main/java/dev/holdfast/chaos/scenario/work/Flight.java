package dev.holdfast.chaos.scenario.work;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.chaos.trace.NodeLine;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Very many tasks in flight on three nodes, whose handlers wait: what the nodes cost meanwhile, and
 * what each task takes of memory. A round: a thousand tasks.
 */
public final class Flight implements Scenario {

  private static final Duration WINDOW = Duration.ofSeconds(12);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> NODES = List.of("a", "b", "c");
  private static final String STATEMENTS = """
      SELECT CAST(coalesce(sum(calls), 0) AS bigint) FROM pg_stat_statements
       WHERE query NOT LIKE '%pg_stat_statements%'
      """;
  private static final String BEATS = """
      SELECT CAST(coalesce(sum(calls), 0) AS bigint) FROM pg_stat_statements
       WHERE query LIKE '%UPDATE session%SET heartbeat_at%'
      """;
  private static final String WAL = "SELECT CAST(pg_current_wal_lsn() - '0/0' AS bigint)";

  @Override
  public String name() {
    return "flight";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    int slots = rounds * 1000;
    for (String name : NODES) {
      stage.start(NodeSpec.auto(name).withSlots(slots / 3 + 200).with("-Xmx1200m"));
    }
    stage.nodes().forEach(stage::awaitReady);
    stage.awaitLeader();
    long empty = heap(stage, 0);
    report.say("   in flight: 0; " + cost(stage));
    fly(stage, report, 0, rounds / 10);
    fly(stage, report, rounds / 10, rounds);
    long full = heap(stage, 1);
    report.say(String.format(
        Locale.ROOT,
        "   memory of the three nodes: %d MB empty, %d MB full, %.1f KB for each task in flight",
        empty >> 20,
        full >> 20,
        (full - empty) / 1024.0 / slots));
    long start = System.nanoTime();
    stage.openGate(0);
    stage.check(PATIENCE);
    report.say("   all ended and checked after "
        + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
  }

  private static void fly(Stage stage, Report report, int from, int to) throws SQLException {
    long start = System.nanoTime();
    for (int i = from; i < to; i++) {
      stage.client().submit(Tasks.of("quiet", "{\"gate\":0}", "f" + i, 1000, task -> task));
    }
    Await.until(
        "all are in flight",
        PATIENCE,
        () ->
            stage.postgres().number("SELECT count(*) FROM chaos.held WHERE started_at IS NOT NULL")
                == to * 1000L);
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    report.say("   in flight: " + to * 1000 + " (after " + millis + " ms); " + cost(stage));
  }

  /** A second of the quiet cluster, in statements, heartbeats, bytes of WAL, and CPU time. */
  private static String cost(Stage stage) throws SQLException {
    Await.pause(Duration.ofSeconds(2));
    long statements = stage.postgres().number(STATEMENTS);
    long beats = stage.postgres().number(BEATS);
    long wal = stage.postgres().number(WAL);
    Duration cpu = cpu(stage);
    Await.pause(WINDOW);
    double seconds = WINDOW.toSeconds();
    return String.format(
        Locale.ROOT,
        "per node and second: %.2f heartbeats, %.1f statements, %.2f KB WAL, %.0f ms CPU",
        (stage.postgres().number(BEATS) - beats) / seconds / (NODES.size() + 1),
        (stage.postgres().number(STATEMENTS) - statements) / seconds / (NODES.size() + 1),
        (stage.postgres().number(WAL) - wal) / 1024.0 / seconds / (NODES.size() + 1),
        cpu(stage).minus(cpu).toMillis() / seconds / NODES.size());
  }

  private static Duration cpu(Stage stage) {
    return stage.nodes().stream()
        .map(node -> ProcessHandle.of(node.pid()).orElseThrow().info().totalCpuDuration())
        .map(cpu -> cpu.orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** What the nodes have in use after a collection, together. */
  private static long heap(Stage stage, int number) throws IOException {
    int before = stage.lines().count();
    Files.createFile(stage.folder().resolve("heap-" + number));
    Await.until("all told", PATIENCE, () -> heaps(stage, before).size() == NODES.size());
    return heaps(stage, before).stream()
        .mapToLong(line -> Long.parseLong(line.more()))
        .sum();
  }

  private static List<NodeLine> heaps(Stage stage, int before) {
    return stage.lines().from(before).stream()
        .filter(line -> line.mark() == Mark.HEAP)
        .toList();
  }
}
