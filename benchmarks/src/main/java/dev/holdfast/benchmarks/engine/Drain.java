package dev.holdfast.benchmarks.engine;

import dev.holdfast.postgres.PostgresCounts;
import dev.holdfast.testkit.postgres.Copies;
import java.sql.Connection;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Tasks are in place, then the engine starts. The clock runs from the warm-th handler call (a tenth
 * of them, at most 5,000) until the database holds no task that has not ended.
 */
final class Drain {

  private static final String OPEN =
      "SELECT (SELECT count(*) FROM ready)" + " + (SELECT count(*) FROM held)";

  private final Server server;
  private final Arguments arguments;
  private final int count;
  private final int warm;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch all = new CountDownLatch(1);
  private volatile long warmNanos;

  Drain(Server server, Arguments arguments) {
    this.server = server;
    this.arguments = arguments;
    this.count = arguments.count();
    this.warm = Math.min(count / 10, 5000);
  }

  String run() throws Exception {
    int nodes = arguments.number("nodes", 1);
    boolean clustered = nodes > 1 || arguments.flag("cluster");
    Bed bed = new Bed(server, arguments.number("slots", 32), clustered);
    bed.fill(count);
    try (Connection connection = server.connect()) {
      new Copies(connection).completed(arguments.number("retained", 0));
    }
    server.run("VACUUM ANALYZE", "CHECKPOINT");
    Connection old = arguments.flag("hold") ? oldSnapshot() : null;
    PostgresCounts before = server.counts();
    double cpu = Footprint.cpuSeconds();
    long start = System.nanoTime();
    for (int node = 0; node < nodes; node++) {
      bed.worker("node-" + node, number -> called());
    }
    boolean whole = all.await(arguments.number("maxs", 120), TimeUnit.SECONDS);
    int done = calls.get();
    while (whole && server.number(OPEN) > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    double seconds = (System.nanoTime() - warmNanos) / 1e9;
    cpu = Footprint.cpuSeconds() - cpu;
    PostgresCounts cost = server.counts().since(before);
    bed.end();
    // Connections report their rows when they end.
    long rows = server.counts().since(before).rowVersions();
    if (old != null) {
      old.close();
    }
    return told(done, seconds, (warmNanos - start) / 1e6, cpu, cost, rows);
  }

  private void called() {
    int call = calls.incrementAndGet();
    if (call == warm) {
      warmNanos = System.nanoTime();
    }
    if (call == count) {
      all.countDown();
    }
  }

  /** Vacuum can remove nothing that dies while it is held. */
  private Connection oldSnapshot() throws java.sql.SQLException {
    Connection connection = server.connect();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (var statement = connection.createStatement()) {
      statement.execute("SELECT 1 FROM pg_class LIMIT 1");
    }
    return connection;
  }

  private String told(
      int done, double seconds, double startMillis, double cpu, PostgresCounts cost, long rows) {
    return String.format(
        Locale.ROOT,
        "\"done\":%d,\"seconds\":%.2f,\"start_ms\":%.0f,\"per_s\":%.0f,\"calls_per_job\":%.4f,"
            + "\"wal_per_job\":%.0f,\"rows_per_job\":%.2f,\"cpu_us_per_job\":%.1f,"
            + "\"double_runs\":%d",
        done,
        seconds,
        startMillis,
        warmNanos == 0 ? 0 : (done - warm) / seconds,
        statements(cost) / done,
        (double) cost.walBytes() / done,
        (double) rows / done,
        cpu * 1e6 / done,
        Math.max(0, calls.get() - count));
  }

  /** How many; 0 where the server does not count them. */
  static double statements(PostgresCounts cost) {
    return cost.statements() == null ? 0 : cost.statements();
  }
}
