package dev.holdfast.chaos.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL server of our own, with its data in a folder of our own. */
public final class Postgres implements AutoCloseable {

  private static final List<String> SETTINGS = List.of(
      "listen_addresses = '127.0.0.1'",
      "unix_socket_directories = ''",
      "max_connections = 300",
      "shared_buffers = 128MB",
      "max_wal_size = 4GB",
      "track_commit_timestamp = on",
      "shared_preload_libraries = 'pg_stat_statements'",
      "pg_stat_statements.track_utility = off",
      "logging_collector = off",
      "log_min_messages = warning",
      "max_wal_senders = 10",
      "hot_standby = on");

  private final PostgresPrograms programs;
  private final Path data;
  private final int port;

  private Postgres(PostgresPrograms programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  /** A new and empty one. */
  public static Postgres create(PostgresPrograms programs, Path folder) {
    Path data = folder.resolve("data");
    try {
      Files.createDirectories(folder);
      programs.own(folder);
      programs.run(
          "initdb",
          "-D",
          data.toString(),
          "-U",
          "postgres",
          "-A",
          "trust",
          "-E",
          "UTF8",
          "--locale=C",
          "--no-sync");
      Postgres server = new Postgres(programs, data, freePort());
      server.configure(SETTINGS);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that nobody listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds settings; they hold from the next start. */
  public void configure(List<String> settings) throws IOException {
    Path file = data.resolve("postgresql.conf");
    Files.writeString(file, Files.readString(file) + "\n" + String.join("\n", settings) + "\n");
  }

  /** Starts it and waits until it answers. */
  public void start() {
    programs.run(
        "pg_ctl",
        "start",
        "-w",
        "-t",
        "60",
        "-D",
        data.toString(),
        "-l",
        data.resolve("server.log").toString(),
        "-o",
        "-p " + port);
  }

  /** As a crash: {@code pg_ctl stop -m immediate}. */
  public void crash() {
    programs.run("pg_ctl", "stop", "-w", "-D", data.toString(), "-m", "immediate");
  }

  /** A copy that follows this one, streaming, under a name; not started. */
  public Postgres standby(Path folder, String name) {
    if (!programs.has("pg_basebackup")) {
      throw new Skipped("a standby needs pg_basebackup, which " + programs.folder() + " lacks");
    }
    Path copy = folder.resolve("data");
    try {
      Files.createDirectories(folder);
      programs.own(folder);
      programs.run(
          "pg_basebackup",
          "-D",
          copy.toString(),
          "-R",
          "-X",
          "stream",
          "-c",
          "fast",
          "-d",
          "host=127.0.0.1 port=" + port + " user=postgres application_name=" + name);
      return new Postgres(programs, copy, freePort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a standby the primary, and waits until it is. */
  public void promote() {
    programs.run("pg_ctl", "promote", "-w", "-D", data.toString());
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** For JDBC. */
  public String url() {
    return urlAt(port);
  }

  /** For JDBC, through a proxy at another port. */
  public static String urlAt(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** A connection of the suite's own, by which the suite knows it from those of nodes. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        url() + "?ApplicationName=suite&socketTimeout=20", "postgres", "");
  }

  /** Runs statements, each by itself. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  /** The one value of a query. */
  public long number(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(query)) {
      set.next();
      return set.getLong(1);
    }
  }

  /** Stops it, if it runs. */
  @Override
  public void close() {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      crash();
    }
  }
}
