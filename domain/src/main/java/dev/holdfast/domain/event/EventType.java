package dev.holdfast.domain.event;

import java.util.Locale;

/** What can happen to a task, as its log tells it. */
public enum EventType {
  CREATED,
  SCHEDULED,
  ASSIGNED,
  RELEASED,
  STARTED,
  PROGRESSED,
  SUSPENDED,
  RESUMED,
  RETRY_SCHEDULED,
  COMPLETED,
  FAILED,
  DEAD_LETTERED,
  REASSIGNED,
  CANCEL_REQUESTED,
  CANCELLED,
  TIMED_OUT,
  REPLAYED;

  /** The name as the HTTP contract spells it, for example {@code retry_scheduled}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
