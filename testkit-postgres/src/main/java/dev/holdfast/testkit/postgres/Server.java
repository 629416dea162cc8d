package dev.holdfast.testkit.postgres;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A running server, and what to say of it. */
record Server(String url, String user, String password, String description) {

  TestDatabase newSchema(String schema) {
    return new TestDatabase(url, user, password, schema);
  }

  /** Reads a JDBC URL, or one of the form {@code postgres://user:password@host:port/database}. */
  static Server at(String url) {
    String trimmed = url.trim();
    URI uri = URI.create(trimmed.startsWith("jdbc:") ? trimmed.substring(5) : trimmed);
    String user = "postgres";
    String password = "";
    if (uri.getUserInfo() != null) {
      String[] parts = uri.getUserInfo().split(":", 2);
      user = parts[0];
      password = parts.length > 1 ? parts[1] : "";
    }
    List<String> rest = new ArrayList<>();
    for (String part : uri.getQuery() == null ? new String[0] : uri.getQuery().split("&")) {
      if (part.startsWith("user=")) {
        user = part.substring("user=".length());
      } else if (part.startsWith("password=")) {
        password = part.substring("password=".length());
      } else {
        rest.add(part);
      }
    }
    String query = rest.isEmpty() ? "" : "?" + String.join("&", rest);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String place = "//" + uri.getHost() + port + uri.getPath();
    return new Server(
        "jdbc:postgresql:" + place + query, user, password, "of " + TestPostgres.URL_VARIABLE);
  }
}
