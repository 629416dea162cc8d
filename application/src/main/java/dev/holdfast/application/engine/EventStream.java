package dev.holdfast.application.engine;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import java.time.Duration;

/** Follows the event log. Safe for concurrent use. */
public interface EventStream {

  /** Reads of the log as it is. */
  EventLog log();

  /**
   * The next stretch behind a position, waiting for one when there is none yet. Buffers nothing for
   * slow readers: the log itself is the buffer.
   *
   * @param limit at most so many events
   * @param patience the longest wait
   * @return a page, empty when the wait was in vain
   * @throws InterruptedException if the caller is interrupted while it waits
   */
  EventPage follow(EventPosition after, int limit, Duration patience) throws InterruptedException;
}
