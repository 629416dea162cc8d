package dev.holdfast.chaos.stage;

import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.trace.SeenEvent;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Follows the event stream from its start through all faults. */
final class Follower implements AutoCloseable {

  private static final int PAGE = 1_000;

  private final EventLog log;
  private final List<SeenEvent> seen = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile EventPosition position;

  Follower(Storage storage) {
    this.log = storage.events();
    this.position = log.start();
    this.thread = Thread.ofPlatform().daemon().name("follower").start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        EventPage page = log.page(position, PAGE);
        add(page);
        if (page.caughtUp()) {
          Await.pause(Duration.ofMillis(20));
        }
      } catch (StorageUnavailable e) {
        Await.pause(Duration.ofMillis(50));
      }
    }
  }

  private synchronized void add(EventPage page) {
    page.entries().forEach(entry -> seen.add(seen(entry)));
    position = page.next();
  }

  static SeenEvent seen(EventPage.Entry entry) {
    return new SeenEvent(
        // A database that was failed over to is another one, with the same transactions.
        entry.position().transaction() + "." + entry.event().version(),
        entry.event().task().toString(),
        entry.event().version(),
        entry.event().type(),
        entry.event().attempt());
  }

  /** Everything from the start, read now. */
  List<SeenEvent> readAll() {
    List<SeenEvent> all = new ArrayList<>();
    EventPosition next = log.start();
    while (true) {
      EventPage page = log.page(next, PAGE);
      page.entries().forEach(entry -> all.add(seen(entry)));
      next = page.next();
      if (page.caughtUp()) {
        return all;
      }
    }
  }

  /** What it saw, once it has seen so many, or as many as it will. */
  List<SeenEvent> seen(int count) {
    try {
      Await.until("the follower has caught up", Duration.ofSeconds(10), () -> size() >= count);
    } catch (IllegalStateException e) {
      // The check says what is missing.
    }
    synchronized (this) {
      return List.copyOf(seen);
    }
  }

  private synchronized int size() {
    return seen.size();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
