package dev.holdfast.duckdb;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.duckdb.db.Database;
import dev.holdfast.duckdb.db.Failures;
import dev.holdfast.duckdb.db.Readers;
import dev.holdfast.duckdb.node.DuckSessions;
import dev.holdfast.duckdb.read.DuckEvents;
import dev.holdfast.duckdb.read.DuckTasks;
import dev.holdfast.duckdb.row.Lanes;
import dev.holdfast.duckdb.row.Nodes;
import dev.holdfast.duckdb.schema.SchemaHistory;
import dev.holdfast.duckdb.writer.Counters;
import dev.holdfast.duckdb.writer.Writer;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;

/**
 * A store of tasks in one DuckDB file, embedded in this process. Safe for concurrent use.
 *
 * <p>There is one writer: transactions run one after another, so none ever loses to another one. A
 * statement costs about the same for one row and for hundreds; hand in batches.
 */
public final class DuckDbStorage implements Storage {

  /** Why there is no cluster on this storage. */
  public static final String ONE_PROCESS = Failures.ONE_PROCESS;

  private final Writer writer;
  private final DuckSessions sessions;
  private final TaskQueries tasks;
  private final EventLog events;
  private final Upkeep upkeep;

  private DuckDbStorage(Database database, InstantSource clock) throws SQLException {
    Counters counters = new Counters();
    Lanes lanes = new Lanes();
    Readers readers = new Readers(database);
    Nodes nodes = readers.read(Nodes::load);
    writer = new Writer(database, clock, lanes, counters, readers);
    sessions = new DuckSessions(writer, readers, clock, nodes);
    tasks = new DuckTasks(readers, clock, lanes, nodes);
    events = new DuckEvents(readers, counters, lanes, nodes);
    upkeep = new DuckUpkeep(writer);
  }

  /**
   * Opens the file; {@link DuckDbMigrations#up} has made its tables. Every earlier session ends:
   * its process is gone.
   *
   * @param clock the storage's own
   * @throws dev.holdfast.domain.port.StorageInUse if somebody else has it open
   * @throws dev.holdfast.domain.port.StorageUnavailable if it cannot be read or written
   * @throws IllegalStateException if its tables are of another version, or if it has lost data that
   *     its mark has seen; the message says what to do
   */
  public static DuckDbStorage open(DuckDbSettings settings, InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    Database database = Database.open(settings.forFile());
    try {
      SchemaHistory.requireCurrent(database);
      DuckDbStorage storage = new DuckDbStorage(database, clock);
      storage.sessions.endAll();
      return storage;
    } catch (SQLException e) {
      database.close();
      throw Failures.of(e);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    return writer.transact(transaction -> work.apply(new DuckTx(transaction)));
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Coordination coordination() {
    return Coordination.none(ONE_PROCESS);
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

  /** Finishes what runs, writes the log into the file and lets go of it. */
  @Override
  public void close() {
    writer.close();
  }
}
