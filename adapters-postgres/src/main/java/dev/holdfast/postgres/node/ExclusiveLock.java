package dev.holdfast.postgres.node;

import dev.holdfast.postgres.db.Row;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The advisory lock of whoever has the schema for itself. It lives as long as the connection that
 * took it, so a killed process leaves none behind. Belongs to one thread at a time.
 */
final class ExclusiveLock {

  private @Nullable Integer backend;

  /** What came of an attempt. */
  enum Taken {
    /** The connection has it. */
    OURS,
    /** An earlier connection of this process had it and was just ended. */
    LINGERS,
    /** Another process has it. */
    ELSEWHERE
  }

  private static final String BACKEND = "SELECT pg_backend_pid() AS pid";
  private static final String TRY = """
      SELECT pg_try_advisory_lock(hashtextextended(current_schema(), 1)) AS taken
      """;

  /** The server's process that has it for us, as far as we know; null for none. */
  @Nullable
  Integer backend() {
    return backend;
  }

  /** Takes it, unless this connection has it already. */
  Taken take(Handle handle) {
    int pid = handle
        .createQuery(BACKEND)
        .map((set, context) -> new Row(set).integer("pid"))
        .one();
    if (backend != null && backend == pid) {
      return Taken.OURS;
    }
    if (is(handle, TRY)) {
      backend = pid;
      return Taken.OURS;
    }
    return backend != null && endEarlier(handle, backend) ? Taken.LINGERS : Taken.ELSEWHERE;
  }

  // A server that has not seen a broken connection end keeps its lock for hours.
  private static final String END_EARLIER = """
      SELECT coalesce(bool_or(pg_terminate_backend(l.pid)), false) AS taken
        FROM pg_locks l, (SELECT hashtextextended(current_schema(), 1) AS key) k
       WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.pid = :pid
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND CAST(l.classid AS bigint) = (k.key >> 32) & 4294967295
         AND CAST(l.objid AS bigint) = k.key & 4294967295
      """;

  private static boolean endEarlier(Handle handle, int pid) {
    return handle
        .createQuery(END_EARLIER)
        .bind("pid", pid)
        .map((set, context) -> new Row(set).flag("taken"))
        .one();
  }

  private static final String RELEASE = """
      SELECT pg_advisory_unlock(hashtextextended(current_schema(), 1)) AS taken
      """;

  /** Gives it back. */
  void release(Handle handle) {
    if (backend != null) {
      is(handle, RELEASE);
      backend = null;
    }
  }

  private static final String IS_FREE = """
      SELECT pg_try_advisory_xact_lock_shared(hashtextextended(current_schema(), 1)) AS taken
      """;

  /** Whether nobody has it, nor can take it before this transaction ends. */
  static boolean isFree(Handle handle) {
    return is(handle, IS_FREE);
  }

  private static boolean is(Handle handle, String question) {
    return handle
        .createQuery(question)
        .map((set, context) -> new Row(set).flag("taken"))
        .one();
  }
}
