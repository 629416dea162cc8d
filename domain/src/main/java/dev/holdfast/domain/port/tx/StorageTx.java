package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Term;
import java.time.Instant;

/**
 * An open transaction as a value. Belongs to the thread and the call of {@link Storage#transact}
 * that it was handed to.
 *
 * <p>The laws of the layout: a live task has exactly one place row and that row is its only lock;
 * whoever moves a task first takes or locks that row by key, and looks again when it is not there;
 * a task without a place has ended and only a replay moves it.
 */
public interface StorageTx {

  /** The storage's clock now, not at the start of the transaction. Microsecond precision. */
  Instant now();

  /** New tasks and idempotency keys. */
  Submissions submissions();

  /** The places where tasks wait. */
  Places places();

  /** The runs that sessions hold. */
  Runs runs();

  /** What is appended and read back. */
  Facts facts();

  /**
   * Locks a term until the end of this transaction: its successor cannot begin before.
   *
   * @return false when the term is over; then a leader must write nothing
   */
  boolean leads(Term term);

  /** Who waits for whom. */
  Dependencies dependencies();
}
