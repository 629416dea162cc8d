package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.history.Steps;

/**
 * An open transaction as a value. Belongs to the thread and the call of {@link Storage#transact}
 * that it was handed to.
 *
 * <p>The laws of the layout: a live task has exactly one place row and that row is its only lock;
 * whoever moves a task first takes or locks that row by key, and looks again when it is not there;
 * a task without a place has ended and only a replay moves it.
 */
public interface StorageTx extends Footing {

  /** New tasks and idempotency keys. */
  Submissions submissions();

  /** The places where tasks wait. */
  Places places();

  /** The runs that sessions hold. */
  Runs runs();

  /** What is appended and read back. */
  Facts facts();

  /** Who waits for whom. */
  Dependencies dependencies();

  /** The results of steps. */
  Steps steps();

  /** The end of what is kept. */
  History history();
}
