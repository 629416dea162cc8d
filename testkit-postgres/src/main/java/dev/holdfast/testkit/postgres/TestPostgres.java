package dev.holdfast.testkit.postgres;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a PostgreSQL for tests, once for each JVM: the one that {@code TEST_DATABASE_URL} names,
 * else a container where an engine for containers runs, else an embedded server. Says once which
 * it was. Safe for concurrent use.
 */
public final class TestPostgres {

  /** The environment variable that names a server to use. */
  public static final String URL_VARIABLE = "TEST_DATABASE_URL";

  private static final Logger LOG = LoggerFactory.getLogger(TestPostgres.class);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestPostgres() {}

  /**
   * A schema of its own on the shared server, not created yet. Closing it drops the schema with
   * everything in it.
   *
   * @throws IllegalStateException if no server could be found
   */
  public static TestDatabase newSchema() {
    return Shared.SERVER.newSchema("t" + ProcessHandle.current().pid() + "_" + next());
  }

  /**
   * A server of the caller's own that writes through to the disk, as one that serves for real
   * does, and that may be stopped and started again. Only ever an embedded one.
   *
   * @throws IllegalStateException if it does not start
   */
  public static DurableServer newDurableServer() {
    return DurableServer.start();
  }

  private static int next() {
    return NUMBER.incrementAndGet();
  }

  private static Server find() {
    String url = System.getenv(URL_VARIABLE);
    Server server = url != null && !url.isBlank()
        ? Server.at(url)
        : Containers.areThere() ? Containers.start() : EmbeddedServer.start();
    LOG.info("tests use PostgreSQL {}", server.description());
    return server;
  }

  /** Starts with the first use. */
  private static final class Shared {
    static final Server SERVER = find();
  }
}
