package dev.holdfast.duckdb.db;

import dev.holdfast.domain.port.StorageUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.duckdb.DuckDBConnection;

/**
 * The open file: the connections to it, its checkpoints and its high-water mark.
 *
 * <p>No statement is kept prepared: DuckDB keeps its plan, and with it what the statistics of the
 * tables proved when it was made, so that one prepared on an empty table may find nothing ever
 * after.
 */
public final class Database implements AutoCloseable {

  // DuckDB lets one process open a file twice, but two writers would not know of each other.
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final FileSettings settings;
  private final DuckDBConnection root;
  private final HighWater highWater;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  private Database(FileSettings settings, DuckDBConnection root, HighWater highWater) {
    this.settings = settings;
    this.root = root;
    this.highWater = highWater;
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws dev.holdfast.domain.port.StorageInUse if somebody else has it open
   * @throws StorageUnavailable if it cannot be read or written
   * @throws IllegalStateException if it has lost data that its mark has seen
   */
  public static Database open(FileSettings settings) {
    Path file = settings.file();
    if (!OPEN_HERE.add(file)) {
      throw Failures.inUse(file, "process " + ProcessHandle.current().pid() + " itself", null);
    }
    try {
      makeDirectory(file);
      return new Opening(settings).open();
    } catch (RuntimeException | Error e) {
      OPEN_HERE.remove(file);
      throw e;
    }
  }

  private static void makeDirectory(Path file) {
    Path directory = file.getParent();
    try {
      if (directory != null) {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw new StorageUnavailable("cannot make the directory of " + file + ": " + e, e);
    }
  }

  /**
   * Opens the file anew, after its connections are closed: a commit has failed, and DuckDB is in no
   * state to go on. May be called again when it throws.
   */
  public Database reopened() {
    disconnect();
    return new Opening(settings).open();
  }

  /** One more connection to the file; its transactions begin by themselves. */
  public Connection connect() throws SQLException {
    Connection connection = connectPlainly();
    connection.setAutoCommit(false);
    return connection;
  }

  /** One more connection that commits each statement by itself. */
  public Connection connectPlainly() throws SQLException {
    Connection connection = root.duplicate();
    connections.add(connection);
    return connection;
  }

  /** The keeper of its mark. */
  public HighWater highWater() {
    return highWater;
  }

  /** How far it is, by its tables. */
  public Mark level() {
    try {
      return Levels.read(root);
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  /**
   * Writes the log into the file. Nobody may write meanwhile; readers may read.
   *
   * @param level how far it is
   */
  public void checkpoint(Mark level) {
    highWater.beforeCheckpoint(level);
    try (Statement statement = root.createStatement()) {
      statement.execute("CHECKPOINT");
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  /** Closes all connections, and the file with the last one. */
  @Override
  public void close() {
    disconnect();
    OPEN_HERE.remove(settings.file());
  }

  private void disconnect() {
    connections.forEach(Database::closeQuietly);
    closeQuietly(root);
  }

  /** Closes a connection of which nothing is wanted any more. */
  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Whatever it was good for is committed or given up.
    }
  }

  /** One try to open a file. */
  private static final class Opening {

    private final FileSettings settings;
    private final Path file;
    private final HighWater highWater;
    // Read before the file is locked, so they may be the last moves of another process.
    private final Optional<Mark> mark;
    private final boolean fileExisted;
    private final boolean logExisted;

    Opening(FileSettings settings) {
      this.settings = settings;
      file = settings.file();
      highWater = new HighWater(file);
      mark = highWater.read();
      fileExisted = Files.exists(file);
      logExisted = highWater.hasLog();
    }

    Database open() {
      if (!fileExisted && mark.isPresent() && mark.get().transaction() > 0) {
        throw lost("it is missing");
      }
      DuckDBConnection root = connect();
      try {
        if (!highWater.read().equals(mark)) {
          closeQuietly(root);
          return new Opening(settings).open();
        }
        return verified(root);
      } catch (SQLException e) {
        closeQuietly(root);
        throw Failures.ofOpening(file, e);
      } catch (RuntimeException | Error e) {
        closeQuietly(root);
        throw e;
      }
    }

    private Database verified(DuckDBConnection root) throws SQLException {
      Mark level = Levels.read(root);
      if (mark.isEmpty()) {
        level = Levels.renew(root, level);
      } else {
        verify(mark.get(), level);
      }
      highWater.opened(level);
      return new Database(settings, root, highWater);
    }

    private void verify(Mark seen, Mark level) {
      if (seen.logNeeded() && !logExisted) {
        throw lost("its log %s.wal is missing".formatted(file.getFileName()));
      }
      if (seen.isAheadOf(level)) {
        throw lost("it went back from transaction %d to %d, or is another database"
            .formatted(seen.transaction(), level.transaction()));
      }
    }

    private IllegalStateException lost(String what) {
      return new IllegalStateException(
          ("%s has lost data: %s. Put back the file and the log beside it from one and the same"
                  + " copy. To go on with what is there, delete %s.mark.")
              .formatted(file, what, file.getFileName()));
    }

    private DuckDBConnection connect() {
      Properties properties = new Properties();
      properties.setProperty("memory_limit", settings.memoryLimitMegabytes() + "MB");
      properties.setProperty("threads", Integer.toString(settings.threads()));
      properties.setProperty("autoinstall_known_extensions", "false");
      properties.setProperty("autoload_known_extensions", "false");
      // Every checkpoint is ours, since the mark has to know of it.
      properties.setProperty("checkpoint_threshold", "1TB");
      try {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, properties);
        try (Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA disable_checkpoint_on_shutdown");
        }
        return connection.unwrap(DuckDBConnection.class);
      } catch (SQLException e) {
        throw Failures.ofOpening(file, e);
      }
    }
  }
}
