package dev.holdfast.chaos.history;

import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.SeenEvent;
import dev.holdfast.chaos.trace.TaskRow;
import dev.holdfast.domain.event.EventType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The event stream against tasks and against itself. */
final class EventChecks {

  private EventChecks() {}

  static void gapless(History history, Consumer<String> violation) {
    Map<String, Integer> newest = new HashMap<>();
    for (SeenEvent event : history.events()) {
      int before = newest.getOrDefault(event.task(), 0);
      if (event.version() != before + 1) {
        violation.accept(event.task() + " has version " + event.version() + " after " + before);
      }
      newest.put(event.task(), event.version());
    }
    for (TaskRow task : history.tasks()) {
      if (!newest.containsKey(task.task())) {
        violation.accept(task.task() + " has no events");
      }
    }
  }

  static void folded(History history, Consumer<String> violation) {
    Map<String, String> states = new HashMap<>();
    for (SeenEvent event : history.events()) {
      states.put(event.task(), after(states.getOrDefault(event.task(), ""), event.type()));
    }
    for (TaskRow task : history.tasks()) {
      String folded = states.getOrDefault(task.task(), "nothing");
      if (!folded.equals(task.state())) {
        violation.accept(task.task() + " is " + task.state() + ", its events make " + folded);
      }
    }
  }

  private static String after(String state, EventType type) {
    return switch (type) {
      case CREATED, RELEASED, REASSIGNED, RESUMED, REPLAYED -> "pending";
      case SCHEDULED, RETRY_SCHEDULED -> "scheduled";
      case ASSIGNED -> "claimed";
      case STARTED -> "running";
      case SUSPENDED -> "waiting";
      case COMPLETED -> "completed";
      case FAILED, DEAD_LETTERED -> "failed";
      case CANCELLED -> "cancelled";
      case TIMED_OUT -> "timed_out";
      case PROGRESSED, CANCEL_REQUESTED -> state;
    };
  }

  static void followed(History history, Consumer<String> violation) {
    int common = Math.min(history.events().size(), history.followed().size());
    for (int i = 0; i < common; i++) {
      SeenEvent there = history.events().get(i);
      SeenEvent seen = history.followed().get(i);
      if (!there.equals(seen)) {
        violation.accept("event " + i + " is " + there + ", the follower saw " + seen);
        return;
      }
    }
    if (history.events().size() != history.followed().size()) {
      violation.accept("there are " + history.events().size() + " events, the follower saw "
          + history.followed().size());
    }
  }
}
