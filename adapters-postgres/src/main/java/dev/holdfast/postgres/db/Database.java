package dev.holdfast.postgres.db;

import dev.holdfast.domain.port.StorageUnavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in transactions and says what its errors mean: the stores contain no {@code try}. Safe
 * for concurrent use.
 */
public final class Database {

  private static final int TRIES = 8;
  private static final String SNAPSHOT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private static final StatementCustomizer CUT_SHORT = new StatementCustomizer() {
    @Override
    public void afterExecution(PreparedStatement statement, StatementContext context)
        throws SQLException {
      requireWhole(statement.getWarnings());
    }
  };

  private final Jdbi jdbi;

  /** On connections of this source, which are prepared already. */
  public Database(DataSource source) {
    this.jdbi = configured(Jdbi.create(source));
  }

  /** On connections of this factory, which are prepared already. */
  public Database(ConnectionFactory factory) {
    this.jdbi = configured(Jdbi.create(factory));
  }

  private static Jdbi configured(Jdbi jdbi) {
    return jdbi.setTemplateEngine(TemplateEngine.NOP);
  }

  /**
   * A handle on a connection that somebody else opened and closes, and whose transaction he ends.
   */
  public static Handle handle(Connection connection) {
    return configured(Jdbi.create(connection)).open();
  }

  /**
   * One transaction. What certainly was rolled back (a deadlock, a connection lost before the
   * commit) is run again, a bounded number of times.
   *
   * @throws StorageUnavailable if the outcome is unknown
   */
  public <T> T transact(Function<Handle, T> work) {
    return again(() -> {
      try (Handle handle = jdbi.open()) {
        return within(handle, work);
      }
    });
  }

  /** One transaction on a handle that has none, tried once: its errors are the caller's. */
  public static <T> T within(Handle handle, Function<Handle, T> work) {
    handle.begin();
    T result = worked(handle, work);
    commit(handle);
    return result;
  }

  /** Several reads from one snapshot. */
  public <T> T snapshot(Function<Handle, T> work) {
    return transact(handle -> {
      handle.execute(SNAPSHOT);
      return work.apply(handle);
    });
  }

  /** One statement, in a transaction of its own that only reads or needs no rerun. */
  public <T> T single(Function<Handle, T> work) {
    return again(() -> {
      try (Handle handle = jdbi.open()) {
        return work.apply(handle);
      }
    });
  }

  /**
   * Statements that are each a transaction of its own, without begin and commit. What lost to a
   * concurrent one is run again.
   *
   * @throws StorageUnavailable if the outcome is unknown, as it is whenever the connection breaks
   */
  public <T> T atOnce(Function<Handle, T> work) {
    return again(() -> {
      try (Handle handle = jdbi.open()) {
        handle.getConfig(SqlStatements.class).addCustomizer(CUT_SHORT);
        return work.apply(handle);
      } catch (RuntimeException e) {
        if (!(e instanceof ConnectionException) && Fault.of(e) == Fault.CUT) {
          throw new StorageUnavailable("PostgreSQL: the statement's outcome is unknown", e);
        }
        throw e;
      }
    });
  }

  private static <T> T worked(Handle handle, Function<Handle, T> work) {
    try {
      return work.apply(handle);
    } catch (RuntimeException | Error e) {
      rollBack(handle, e);
      throw e;
    }
  }

  private static void rollBack(Handle handle, Throwable reason) {
    try {
      handle.rollback();
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  private static void commit(Handle handle) {
    try {
      handle.getConnection().clearWarnings();
      handle.commit();
      requireWhole(handle.getConnection().getWarnings());
    } catch (SQLException e) {
      throw new StorageUnavailable("PostgreSQL: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      if (Fault.of(e) == Fault.CUT || Fault.of(e) == Fault.OUTAGE) {
        throw new StorageUnavailable("PostgreSQL: the commit's outcome is unknown", e);
      }
      throw e;
    }
  }

  /** The server answers success with a warning when the wait for a standby was cut short. */
  private static void requireWhole(@Nullable SQLWarning warning) {
    if (warning != null) {
      throw new StorageUnavailable("PostgreSQL: " + warning.getMessage(), warning);
    }
  }

  private static <T> T again(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (StorageUnavailable e) {
        throw e;
      } catch (ConnectionException e) {
        throw new StorageUnavailable("PostgreSQL: no connection: " + reason(e), e);
      } catch (RuntimeException e) {
        Fault fault = Fault.of(e);
        boolean undone = fault == Fault.CONFLICT || fault == Fault.CUT;
        if (!undone || attempt == TRIES) {
          throw fault.translate(e);
        }
        pause(attempt);
      }
    }
  }

  private static String reason(ConnectionException e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, 5 << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageUnavailable("interrupted between two tries", e);
    }
  }
}
