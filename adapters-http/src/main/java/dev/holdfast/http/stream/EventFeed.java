package dev.holdfast.http.stream;

import dev.holdfast.application.engine.EventStream;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.Problems;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams the event log to any number of readers, each on its request's own thread. Nothing is
 * buffered for a reader: it reads from the log as fast as it can write to its client. Safe for
 * concurrent use.
 */
public final class EventFeed {

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
  private static final int PAGE = 500;

  private final EventStream events;
  private final Waits waits;
  private final Duration comment;
  private final Semaphore places;

  /**
   * A feed.
   *
   * @param comment how often it says something when nothing happens
   * @param maxStreams how many readers there may be at once
   */
  public EventFeed(EventStream events, Waits waits, Duration comment, int maxStreams) {
    this.events = events;
    this.waits = waits;
    this.comment = comment;
    this.places = new Semaphore(maxStreams);
  }

  /**
   * The content of one stream, which begins behind a position. It ends when the server stops, or
   * when the log cannot be read: the client comes again with the last id it got.
   * It takes a place until it was written: the content must be asked for.
   *
   * @throws ProblemException if there are too many streams
   */
  public Answer.Body open(EventPosition after, EventFilter filter) {
    if (!places.tryAcquire()) {
      throw new ProblemException(Problems.overloaded("too many event streams are open"));
    }
    return out -> {
      try {
        follow(after, filter, new SseWriter(out));
      } finally {
        places.release();
      }
    };
  }

  private void follow(EventPosition after, EventFilter filter, SseWriter out) throws IOException {
    // The first bytes send the header: the client knows that it is connected.
    out.comment("open");
    EventPosition position = after;
    long written = System.nanoTime();
    try {
      while (true) {
        long left = comment.toNanos() - (System.nanoTime() - written);
        if (left <= 0) {
          out.comment("still here");
          written = System.nanoTime();
          continue;
        }
        EventPosition from = position;
        EventPage page = waits.run(() -> events.follow(from, PAGE, Duration.ofNanos(left)));
        if (write(page, filter, out)) {
          written = System.nanoTime();
        }
        position = page.next();
      }
    } catch (InterruptedException e) {
      out.comment("the server stops");
    } catch (StorageUnavailable e) {
      LOG.atWarn().addKeyValue("cause", e.getMessage()).log("an event stream ends: no storage");
    }
  }

  private static boolean write(EventPage page, EventFilter filter, SseWriter out)
      throws IOException {
    boolean any = false;
    for (EventPage.Entry entry : page.entries()) {
      if (filter.takes(entry)) {
        out.event(entry);
        any = true;
      }
    }
    if (any) {
      out.flush();
    }
    return any;
  }
}
