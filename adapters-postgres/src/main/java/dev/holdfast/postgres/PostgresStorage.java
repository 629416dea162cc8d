package dev.holdfast.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Signals.Signal;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.postgres.db.CallersTransaction;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.EngineDataSource;
import dev.holdfast.postgres.db.Pool;
import dev.holdfast.postgres.node.PostgresCoordination;
import dev.holdfast.postgres.node.PostgresSessions;
import dev.holdfast.postgres.node.PostgresSignals;
import dev.holdfast.postgres.read.PostgresEventLog;
import dev.holdfast.postgres.read.PostgresTaskQueries;
import dev.holdfast.postgres.submit.Lanes;
import dev.holdfast.postgres.submit.Notice;
import dev.holdfast.postgres.tx.Positions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The storage on PostgreSQL 14 or newer, in one schema. Safe for concurrent use. */
public final class PostgresStorage implements Storage {

  // Beyond the timeout that the server has for a statement.
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(45);

  // Well below the time to live of a session.
  private static final Duration LONGEST_BEAT = Duration.ofSeconds(5);

  private final PostgresSettings settings;
  private final HikariDataSource pool;
  private final Database pooled;
  private final Lanes lanes;
  private final Positions positions = new Positions(System::nanoTime);
  private final Notice notice;
  private final PostgresSessions sessions;
  private final PostgresCoordination coordination;
  private final TaskQueries tasks;
  private final EventLog events;
  private final Upkeep upkeep;

  private PostgresStorage(PostgresSettings settings) {
    this.settings = settings;
    this.pool =
        Pool.of(settings.source(LONGEST_STATEMENT), settings.poolSize(), settings.patience());
    this.pooled = new Database(pool);
    Database aside = new Database(settings.source(Duration.ZERO));
    this.lanes = new Lanes(aside);
    EngineDataSource timely = settings.source(LONGEST_BEAT);
    PostgresSignals signals = new PostgresSignals(pooled, timely.hearing(), settings.schema());
    this.notice = signals.notice(Signal.WORK);
    this.sessions = new PostgresSessions(pooled, timely, signals);
    this.coordination = new PostgresCoordination(sessions, signals);
    this.tasks = new PostgresTaskQueries(pooled);
    this.events = new PostgresEventLog(pooled);
    this.upkeep = new PostgresUpkeep(pooled, aside);
  }

  /**
   * Opens the storage. A schema that is missing or older than this program is brought up to date
   * first.
   *
   * @throws StorageUnavailable if the server does not answer
   * @throws IllegalStateException if the schema is newer than this program, or was changed, or may
   *     not be created
   */
  public static PostgresStorage open(PostgresSettings settings) {
    new PostgresMigrations(settings).upIfBehind();
    return new PostgresStorage(settings);
  }

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    return pooled.transact(handle -> work.apply(tx(handle)));
  }

  private StorageTx tx(Handle handle) {
    return new PostgresTx(handle, lanes, positions, notice);
  }

  @Override
  public <T> T atOnce(Function<StorageTx, T> call) {
    return pooled.atOnce(handle -> call.apply(tx(handle)));
  }

  /**
   * Runs {@code work} inside the open transaction of a caller's connection to the same database:
   * what it wrote becomes durable when the caller commits, or never. Commits nothing. When it
   * throws, everything that {@code work} did is undone and the caller's transaction is as it was
   * before; in any case the search path is.
   *
   * <p>Row locks are held until the caller ends his transaction, so he should do so soon.
   *
   * @throws IllegalArgumentException if the connection is in autocommit mode
   */
  public <T> T within(Connection connection, Function<StorageTx, T> work) {
    return CallersTransaction.run(connection, settings.schema(), handle -> work.apply(tx(handle)));
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Coordination coordination() {
    return coordination;
  }

  @Override
  public TaskQueries tasks() {
    return tasks;
  }

  @Override
  public EventLog events() {
    return events;
  }

  @Override
  public Upkeep upkeep() {
    return upkeep;
  }

  @Override
  public void close() {
    try (pool) {
      coordination.close();
      sessions.close();
    } catch (SQLException e) {
      throw new StorageUnavailable("PostgreSQL: " + e.getMessage(), e);
    }
  }
}
