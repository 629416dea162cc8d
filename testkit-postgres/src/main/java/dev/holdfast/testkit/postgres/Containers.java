package dev.holdfast.testkit.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server in a container. */
final class Containers {

  private static final String IMAGE = "postgres:18-alpine";

  private Containers() {}

  /** Looks before the library is loaded, which complains loudly where there is no engine. */
  static boolean areThere() {
    return System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
  }

  /** Runs until the JVM ends; the library removes it then. */
  @SuppressWarnings("resource")
  static Server start() {
    PostgreSQLContainer container = new PostgreSQLContainer(IMAGE)
        .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
    container.start();
    return new Server(
        container.getJdbcUrl(),
        container.getUsername(),
        container.getPassword(),
        "in a container, " + IMAGE);
  }
}
