package dev.holdfast.postgres.node;

import dev.holdfast.postgres.db.Row;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The server's process for one connection, as others find it in {@code pg_stat_activity}: a mark of
 * life of ours, since it ends the moment our process dies.
 */
record Backend(int pid, Instant start) {

  private static final String OWN = """
      SELECT pid, backend_start FROM pg_stat_activity
       WHERE pid = pg_backend_pid() AND backend_start IS NOT NULL
      """;

  /** That of this connection. */
  static Optional<Backend> of(Handle handle) {
    return handle
        .createQuery(OWN)
        .map((set, context) ->
            new Backend(new Row(set).integer("pid"), new Row(set).instant("backend_start")))
        .findOne();
  }

  private static final String PID = "SELECT pg_backend_pid() AS pid";

  /** The process that answers this very statement. */
  static int pid(Handle handle) {
    return handle
        .createQuery(PID)
        .map((set, context) -> new Row(set).integer("pid"))
        .one();
  }
}
