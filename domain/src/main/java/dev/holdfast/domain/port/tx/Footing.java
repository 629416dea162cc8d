package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.port.node.Term;
import java.time.Instant;

/** What decisions inside a transaction stand on: the time, and who leads. */
public interface Footing {

  /** The storage's clock now, not at the start of the transaction. Microsecond precision. */
  Instant now();

  /**
   * Locks a term until the end of this transaction: its successor cannot begin before.
   *
   * @return false when the term is over; then a leader must write nothing
   */
  boolean leads(Term term);
}
