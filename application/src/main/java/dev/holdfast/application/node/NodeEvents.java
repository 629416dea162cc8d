package dev.holdfast.application.node;

import dev.holdfast.application.engine.EventStream;
import dev.holdfast.application.loop.Activity;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import java.time.Duration;

/** Follows the log, woken by this node's transactions, looking every poll for those of others. */
final class NodeEvents implements EventStream {

  private final EventLog log;
  private final Activity activity;
  private final Duration longestPoll;

  NodeEvents(EventLog log, Activity activity, Duration longestPoll) {
    this.log = log;
    this.activity = activity;
    this.longestPoll = longestPoll;
  }

  @Override
  public EventLog log() {
    return log;
  }

  @Override
  public EventPage follow(EventPosition after, int limit, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    EventPosition from = after;
    while (true) {
      // Counted before the look: what is committed after it ends the wait.
      long seen = activity.count();
      EventPage page = log.page(from, limit);
      long left = end - System.nanoTime();
      if (!page.entries().isEmpty() || left <= 0) {
        return page;
      }
      from = page.next();
      if (page.caughtUp()) {
        Duration wait = Duration.ofNanos(Math.min(left, longestPoll.toNanos()));
        boolean ignored = activity.awaitChange(seen, wait);
      }
    }
  }
}
