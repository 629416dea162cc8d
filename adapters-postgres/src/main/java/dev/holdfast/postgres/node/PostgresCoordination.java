package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Signals;
import java.sql.SQLException;

/** What several nodes on one schema need. Safe for concurrent use. */
public final class PostgresCoordination implements Coordination, AutoCloseable {

  private final Elections elections;
  private final PostgresSignals signals;

  /**
   * Opens nothing yet.
   *
   * @param sessions whose connection the elections share
   */
  public PostgresCoordination(PostgresSessions sessions, PostgresSignals signals) {
    this.elections = new PostgresElections(sessions.dedicated());
    this.signals = signals;
  }

  @Override
  public Elections elections() {
    return elections;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public void close() throws SQLException {
    signals.close();
  }
}
