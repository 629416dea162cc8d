package dev.holdfast.bootstrap.demo;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.remote.EventReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Follows the events of all tasks, from whichever node lives, missing none: tells of work that
 * moved to another node, and of the longest pause between two completions. Runs on a thread of its
 * own.
 */
final class EventWatch implements Runnable {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final DemoCluster cluster;
  private final JsonMapper mapper;
  private final Set<String> lost = new HashSet<>();
  private final AtomicLong completed = new AtomicLong();
  private volatile @Nullable Kill kill;
  private volatile Duration longestPause = Duration.ZERO;
  private volatile boolean stopped;
  private volatile @Nullable EventReader open;
  private @Nullable Instant lastCompletion;
  private String position = "";

  EventWatch(DemoCluster cluster, JsonMapper mapper) {
    this.cluster = cluster;
    this.mapper = mapper;
  }

  /** Work that moves from now on moves because of this. */
  void expect(Kill newKill) {
    kill = newKill;
  }

  long completed() {
    return completed.get();
  }

  Duration longestPause() {
    return longestPause;
  }

  void stop() {
    stopped = true;
    EventReader reader = open;
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        // It ends with its server anyway.
        return;
      }
    }
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        follow();
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() throws InterruptedException {
    String[] resume = position.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", position};
    Optional<EventReader> stream =
        cluster.ask(client -> new EventReader(client.stream("/v1/events?from=start", resume)));
    if (stream.isEmpty()) {
      return;
    }
    try (EventReader reader = stream.get()) {
      open = reader;
      for (var event = reader.next(); event != null && !stopped; event = reader.next()) {
        see(Document.parse(mapper, event.data()));
        position = event.id();
      }
    } catch (IOException e) {
      // Its node was killed: another one is asked from where this one was.
      return;
    }
  }

  private void see(Document event) {
    String task = event.textOrEmpty("taskId");
    Instant at = Instant.parse(event.textOrEmpty("at"));
    switch (event.textOrEmpty("type")) {
      case "reassigned" -> lost.add(task);
      case "assigned" -> {
        Kill current = kill;
        if (lost.remove(task) && current != null) {
          current.moved(at);
        }
      }
      case "completed" -> completed(at);
      default -> {}
    }
  }

  private void completed(Instant at) {
    completed.incrementAndGet();
    Instant last = lastCompletion;
    if (last == null || at.isAfter(last)) {
      if (last != null && Duration.between(last, at).compareTo(longestPause) > 0) {
        longestPause = Duration.between(last, at);
      }
      lastCompletion = at;
    }
  }
}
