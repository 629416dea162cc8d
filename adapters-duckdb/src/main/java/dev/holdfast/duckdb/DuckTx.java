package dev.holdfast.duckdb;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.duckdb.history.DuckHistory;
import dev.holdfast.duckdb.history.DuckSteps;
import dev.holdfast.duckdb.tx.DuckDependencies;
import dev.holdfast.duckdb.tx.DuckFacts;
import dev.holdfast.duckdb.tx.DuckPlaces;
import dev.holdfast.duckdb.tx.DuckRuns;
import dev.holdfast.duckdb.tx.DuckSubmissions;
import dev.holdfast.duckdb.writer.Transaction;
import java.time.Instant;

/** The ports of the open transaction. */
record DuckTx(Transaction transaction) implements StorageTx {

  @Override
  public Instant now() {
    return transaction.now();
  }

  @Override
  public Submissions submissions() {
    return new DuckSubmissions(transaction);
  }

  @Override
  public Places places() {
    return new DuckPlaces(transaction);
  }

  @Override
  public Runs runs() {
    return new DuckRuns(transaction);
  }

  @Override
  public Facts facts() {
    return new DuckFacts(transaction);
  }

  /** There is one process, so there is no successor to be fenced from. */
  @Override
  public boolean leads(Term term) {
    return true;
  }

  @Override
  public Dependencies dependencies() {
    return new DuckDependencies(transaction);
  }

  @Override
  public Steps steps() {
    return new DuckSteps(transaction);
  }

  @Override
  public History history() {
    return new DuckHistory(transaction);
  }
}
