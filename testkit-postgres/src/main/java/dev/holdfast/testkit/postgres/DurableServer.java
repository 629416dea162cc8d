package dev.holdfast.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * An embedded server with {@code fsync} and {@code synchronous_commit} on, in a directory and at a
 * port that outlive a restart. Belongs to one thread.
 */
public final class DurableServer implements AutoCloseable {

  private final Path directory;
  private EmbeddedPostgres server;

  private DurableServer(Path directory, EmbeddedPostgres server) {
    this.directory = directory;
    this.server = server;
  }

  static DurableServer start() {
    try {
      Path directory = Files.createTempDirectory("holdfast-postgres");
      return new DurableServer(directory, start(directory, 0));
    } catch (IOException e) {
      throw new IllegalStateException("the embedded PostgreSQL did not start", e);
    }
  }

  /** A schema on it. */
  public TestDatabase schema(String name) {
    return new TestDatabase(EmbeddedServer.url(server), EmbeddedServer.USER, "", name);
  }

  /** Stops it: every connection breaks. */
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again on the same data and port. */
  public void startAgain() {
    try {
      server = start(directory, server.getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it and removes its data. */
  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EmbeddedPostgres start(Path directory, int port) throws IOException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofSeconds(30))
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("max_connections", "100");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }
}
