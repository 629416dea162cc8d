package dev.holdfast.postgres;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.history.PostgresHistory;
import dev.holdfast.postgres.history.PostgresSteps;
import dev.holdfast.postgres.submit.Lanes;
import dev.holdfast.postgres.submit.Notice;
import dev.holdfast.postgres.submit.PostgresSubmissions;
import dev.holdfast.postgres.tx.Positions;
import dev.holdfast.postgres.tx.PostgresDependencies;
import dev.holdfast.postgres.tx.PostgresFacts;
import dev.holdfast.postgres.tx.PostgresPlaces;
import dev.holdfast.postgres.tx.PostgresRuns;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** An open transaction. */
final class PostgresTx implements StorageTx {

  private final Handle handle;
  private final Positions positions;
  private final PostgresSubmissions submissions;

  /** On a handle whose transaction somebody else ends. */
  PostgresTx(Handle handle, Lanes lanes, Positions positions, Notice notice) {
    this.handle = handle;
    this.positions = positions;
    this.submissions = new PostgresSubmissions(handle, lanes, positions, notice);
  }

  private static final String NOW = "SELECT clock() AS now";

  @Override
  public Instant now() {
    return handle
        .createQuery(NOW)
        .map((set, context) -> new Row(set).instant("now"))
        .one();
  }

  @Override
  public Submissions submissions() {
    return submissions;
  }

  @Override
  public Places places() {
    return new PostgresPlaces(handle, positions);
  }

  @Override
  public Runs runs() {
    return new PostgresRuns(handle, positions);
  }

  @Override
  public Facts facts() {
    return new PostgresFacts(handle);
  }

  @Override
  public Dependencies dependencies() {
    return new PostgresDependencies(handle);
  }

  @Override
  public Steps steps() {
    return new PostgresSteps(handle);
  }

  @Override
  public History history() {
    return new PostgresHistory(handle);
  }

  private static final String LEADS = """
      SELECT term FROM lead
       WHERE term = :term AND incarnation = :incarnation AND incarnation = incarnation()
         AND expires_at > clock()
         FOR KEY SHARE
      """;

  @Override
  public boolean leads(Term term) {
    return handle
        .createQuery(LEADS)
        .bind("term", term.number())
        .bind("incarnation", term.incarnation())
        .map((set, context) -> new Row(set).number("term"))
        .findOne()
        .isPresent();
  }
}
