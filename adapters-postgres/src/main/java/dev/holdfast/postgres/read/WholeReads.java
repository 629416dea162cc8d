package dev.holdfast.postgres.read;

import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Lets a statement read a table whole, which is forbidden to all others, since their plans are made
 * once and kept. So a statement is run here always or never.
 */
final class WholeReads {

  private static final String ALLOW = "SET LOCAL enable_seqscan = on";
  private static final String FORBID = "SET LOCAL enable_seqscan = off";

  private WholeReads() {}

  /** Within the transaction that the handle is in. */
  static <T> T allowed(Handle handle, Supplier<T> statement) {
    handle.execute(ALLOW);
    T answer = statement.get();
    handle.execute(FORBID);
    return answer;
  }
}
