package dev.holdfast.duckdb.db;

import dev.holdfast.domain.port.StorageInUse;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What DuckDB's errors mean: it gives them no SQL state, so their text has to do. */
public final class Failures {

  /** Why there is no cluster on this storage. */
  public static final String ONE_PROCESS = "DuckDB has one writing process per file";

  private static final Pattern LOCKED =
      Pattern.compile("Could not set lock on file.*?(?:\\(PID (\\d+)\\)|$)", Pattern.DOTALL);

  private static final List<String> REFUSALS =
      List.of("Constraint Error", "Conversion Error", "Out of Range Error", "Invalid Input Error");

  private Failures() {}

  /** The exception of a port for one of the driver; any other exception as it is. */
  public static RuntimeException translate(RuntimeException exception) {
    SQLException cause = driver(exception);
    return cause == null ? exception : of(cause);
  }

  /** The exception of a port for an error of the driver. */
  public static RuntimeException of(SQLException exception) {
    String message = firstLine(exception);
    return REFUSALS.stream().anyMatch(message::startsWith)
        ? new StorageRejected(message, exception)
        : new StorageUnavailable(message, exception);
  }

  /** Why the file could not be opened. */
  static RuntimeException ofOpening(Path file, SQLException exception) {
    Matcher locked = LOCKED.matcher(String.valueOf(exception.getMessage()));
    if (locked.find()) {
      String pid = locked.group(1);
      return inUse(file, pid == null ? "another process" : "process " + pid, exception);
    }
    return new StorageUnavailable("cannot open " + file + ": " + firstLine(exception), exception);
  }

  static StorageInUse inUse(Path file, String holder, @Nullable Throwable cause) {
    String message = "%s is in use by %s. %s: for a cluster use PostgreSQL."
        .formatted(file, holder, ONE_PROCESS);
    return new StorageInUse(holder, message, cause);
  }

  /** Whether DuckDB will refuse everything until the file is opened anew. */
  public static boolean isFatal(Throwable exception) {
    SQLException cause = driver(exception);
    String message = cause == null ? "" : String.valueOf(cause.getMessage());
    return message.contains("FATAL") || message.contains("has been invalidated");
  }

  private static @Nullable SQLException driver(Throwable exception) {
    for (Throwable next = exception; next != null; next = next.getCause()) {
      if (next instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }

  private static String firstLine(SQLException exception) {
    String message = String.valueOf(exception.getMessage());
    return message.lines().findFirst().orElse(message);
  }
}
