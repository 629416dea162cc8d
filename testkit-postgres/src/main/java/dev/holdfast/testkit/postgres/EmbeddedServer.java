package dev.holdfast.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/** A server of this JVM that forgets everything with it, so it need not write through. */
final class EmbeddedServer {

  static final String USER = "postgres";

  private EmbeddedServer() {}

  @SuppressWarnings("resource")
  static Server start() {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.builder()
          .setServerConfig("fsync", "off")
          .setServerConfig("full_page_writes", "off")
          .setServerConfig("max_connections", "300")
          .start();
      return new Server(url(server), USER, "", "embedded, port " + server.getPort());
    } catch (IOException e) {
      throw new IllegalStateException("the embedded PostgreSQL did not start", e);
    }
  }

  /** Without the user, which the server's own form of it names. */
  static String url(EmbeddedPostgres server) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
  }
}
