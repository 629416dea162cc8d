package dev.holdfast.application.worker;

import dev.holdfast.domain.run.Progress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The progress of one run, of which only the newest is sent. Safe for concurrent use. */
final class Reports {

  private @Nullable Progress news;
  private boolean awaited;
  private boolean sent;
  private long sentNanos;

  /** There is newer progress; true when nobody is about to look for it. */
  synchronized boolean report(Progress progress) {
    boolean isUnseen = !awaited;
    news = progress;
    awaited = true;
    return isUnseen;
  }

  /** The newest progress if it is time to send one; forgets it. */
  synchronized @Nullable Progress take(long nowNanos, Duration atMostEvery) {
    if (news == null || (sent && nowNanos - sentNanos < atMostEvery.toNanos())) {
      return null;
    }
    Progress taken = news;
    news = null;
    sent = true;
    sentNanos = nowNanos;
    return taken;
  }

  /** It could not be sent after all: it is news again unless there is newer. */
  synchronized void notSent(Progress progress) {
    if (news == null) {
      news = progress;
    }
    sent = false;
  }

  /** Whether there is nothing to send: then the next report is told to whoever looks. */
  synchronized boolean isSilent() {
    awaited = news != null;
    return !awaited;
  }
}
