package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/** A task in the order of an instant. */
record Due(Instant at, TaskId task) {

  static final Comparator<Due> ORDER = Comparator.comparing(Due::at).thenComparing(Due::task);

  private static final TaskId LAST = new TaskId(new UUID(-1L, -1L));

  /** Behind every task of the instant. */
  static Due last(Instant at) {
    return new Due(at, LAST);
  }
}
