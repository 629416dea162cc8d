package dev.holdfast.postgres.db;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** What an error of the database means to the engine: the one place that reads SQLStates. */
public enum Fault {

  /** Lost to a concurrent transaction, and certainly rolled back. */
  CONFLICT,
  /** The connection broke; what was not committed is rolled back. */
  CUT,
  /** The server or the way to it is in trouble. */
  OUTAGE,
  /** The data cannot be stored. */
  REJECTED,
  /** Not from the database, or a bug. */
  OTHER;

  // Serialization failure, deadlock, a lock that was not given in time.
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03");

  // Terminated by an administrator or a crash, or for being idle in a transaction.
  private static final Set<String> CUTS = Set.of("57P01", "57P02", "57P03", "25P03");
  private static final String CONNECTION = "08";

  // Insufficient resources, operator intervention, the system below.
  private static final Set<String> OUTAGES = Set.of("53", "57", "58");

  // A standby that answers, a transaction that took too long.
  private static final Set<String> SINGLE_OUTAGES = Set.of("25006", "25P04");

  // Data exception, integrity constraint.
  private static final Set<String> REJECTIONS = Set.of("22", "23");

  // Two tries of one claim, or two starts of one node, at the same time: the second looks again.
  private static final Set<String> RACES = Set.of("claim_request", "session_live");

  private static final String DUPLICATE = "23505";
  private static final String LIMIT_EXCEEDED = "54000";

  static Fault of(Throwable thrown) {
    SQLException error = sqlError(thrown);
    if (error == null) {
      return OTHER;
    }
    String state = error.getSQLState();
    if (state == null || state.length() != 5) {
      return OTHER;
    }
    String group = state.substring(0, 2);
    if (CONFLICTS.contains(state) || isRace(error)) {
      return CONFLICT;
    }
    if (group.equals(CONNECTION) || CUTS.contains(state)) {
      return CUT;
    }
    if (OUTAGES.contains(group) || SINGLE_OUTAGES.contains(state)) {
      return OUTAGE;
    }
    return REJECTIONS.contains(group) ? REJECTED : OTHER;
  }

  /** Throws what was thrown, unless it is that a row exists already. */
  public static void requireDuplicate(RuntimeException thrown) {
    if (!isState(thrown, DUPLICATE)) {
      throw thrown;
    }
  }

  /** Whether notifications have piled up, since some listener of the server does not read them. */
  public static boolean isNoticesFull(RuntimeException thrown) {
    return isState(thrown, LIMIT_EXCEEDED);
  }

  private static boolean isState(Throwable thrown, String state) {
    SQLException error = sqlError(thrown);
    return error != null && state.equals(error.getSQLState());
  }

  /** What callers get; {@code thrown} itself unless the port has a name for it. */
  RuntimeException translate(RuntimeException thrown) {
    SQLException error = sqlError(thrown);
    if (error == null) {
      return thrown;
    }
    String said = "PostgreSQL: " + error.getMessage();
    return switch (this) {
      case CONFLICT, CUT, OUTAGE -> new StorageUnavailable(said, thrown);
      case REJECTED -> new StorageRejected(said, thrown);
      case OTHER -> thrown;
    };
  }

  private static boolean isRace(SQLException error) {
    if (error instanceof PSQLException said && said.getServerErrorMessage() != null) {
      String constraint = said.getServerErrorMessage().getConstraint();
      return constraint != null && RACES.contains(constraint);
    }
    return false;
  }

  private static @Nullable SQLException sqlError(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException error) {
        return error;
      }
    }
    return null;
  }
}
