package dev.holdfast.domain.event;

import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the events that a fact stands for. A pure function of the fact, so an event that was shown
 * once reads the same for ever.
 */
public final class Story {

  private Story() {}

  /** The events of one fact, in version order; at least one. */
  public static List<TaskEvent> of(Fact fact) {
    return switch (fact) {
      case Fact.Created created -> created(created);
      case Fact.Assigned assigned ->
        List.of(new TaskEvent(
            assigned.task(),
            assigned.version(),
            EventType.ASSIGNED,
            assigned.at(),
            assigned.node(),
            assigned.attempt(),
            Map.of()));
      case Fact.Ended ended -> ended(ended.end(), ended.node());
      case Fact.Noted noted -> List.of(noted(noted.note(), noted.node()));
    };
  }

  private static List<TaskEvent> created(Fact.Created fact) {
    TaskEvent created =
        new TaskEvent(fact.task(), 1, EventType.CREATED, fact.at(), null, 0, Map.of());
    if (fact.scheduledFor() == null) {
      return List.of(created);
    }
    Map<String, Object> detail = Map.of("at", fact.scheduledFor());
    return List.of(
        created, new TaskEvent(fact.task(), 2, EventType.SCHEDULED, fact.at(), null, 0, detail));
  }

  private static List<TaskEvent> ended(RunEnd end, @Nullable NodeId node) {
    var events = new ArrayList<TaskEvent>();
    int attempt = end.lease() == null ? 0 : end.attempt();
    RunEnd.Start start = end.start();
    if (start != null && start.version() != null) {
      events.add(new TaskEvent(
          end.task(), start.version(), EventType.STARTED, start.at(), node, attempt, Map.of()));
    }
    Teller teller = new Teller(end, node, attempt, events);
    switch (end.kind()) {
      case COMPLETED -> teller.tell(EventType.COMPLETED, Map.of());
      case RELEASED -> teller.tell(EventType.RELEASED, Map.of());
      case SUSPENDED -> teller.tell(EventType.SUSPENDED, optional("wakeAt", end.nextAt()));
      case TIMED_OUT -> teller.tell(EventType.TIMED_OUT, Map.of());
      case CANCELLED -> teller.tell(EventType.CANCELLED, reason(end));
      case UPSTREAM_FAILED -> teller.tell(EventType.CANCELLED, upstream(end));
      case FAILED -> {
        teller.tell(EventType.FAILED, error(end));
        if (!end.terminal()) {
          teller.tell(EventType.RETRY_SCHEDULED, optional("at", end.nextAt()));
        }
      }
      case LOST -> teller.tell(EventType.REASSIGNED, lost(end, node));
    }
    if (end.terminal() && end.state() == TaskState.FAILED) {
      teller.tell(EventType.DEAD_LETTERED, Map.of());
    }
    return events;
  }

  private static TaskEvent noted(Note note, @Nullable NodeId node) {
    EventType type = switch (note.kind()) {
      case SCHEDULED -> EventType.SCHEDULED;
      case STARTED -> EventType.STARTED;
      case PROGRESSED -> EventType.PROGRESSED;
      case CANCEL_REQUESTED -> EventType.CANCEL_REQUESTED;
      case RESUMED -> EventType.RESUMED;
      case REPLAYED -> EventType.REPLAYED;
    };
    Map<String, Object> detail = new LinkedHashMap<>(optional("at", note.dueAt()));
    Progress progress = note.progress();
    if (progress != null) {
      detail.put("percent", progress.percent());
      detail.putAll(optional("message", progress.message()));
    }
    detail.putAll(optional("reason", note.reason()));
    return new TaskEvent(
        note.task(), note.version(), type, note.at(), node, note.attempt(), detail);
  }

  private static Map<String, Object> error(RunEnd end) {
    TaskError error = end.error();
    return error == null
        ? Map.of()
        : Map.of("error", ordered("type", error.type(), "message", error.message()));
  }

  private static Map<String, Object> reason(RunEnd end) {
    return end.error() == null ? Map.of() : Map.of("reason", end.error().message());
  }

  private static Map<String, Object> upstream(RunEnd end) {
    return end.error() == null
        ? Map.of("reason", TaskError.UPSTREAM_FAILED)
        : ordered("reason", TaskError.UPSTREAM_FAILED, "task", end.error().message());
  }

  private static Map<String, Object> lost(RunEnd end, @Nullable NodeId node) {
    Map<String, Object> detail = new LinkedHashMap<>();
    if (node != null) {
      detail.put("node", node.value());
    }
    detail.put("reason", end.error() == null ? "" : end.error().message());
    return detail;
  }

  private static Map<String, Object> optional(String name, @Nullable Object value) {
    return value == null ? Map.of() : Map.of(name, value);
  }

  private static Map<String, Object> ordered(String k1, Object v1, String k2, Object v2) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(k1, v1);
    map.put(k2, v2);
    return map;
  }

  /** Numbers the end events of one run on from its version. */
  private record Teller(RunEnd end, @Nullable NodeId node, int attempt, List<TaskEvent> events) {

    void tell(EventType type, Map<String, Object> detail) {
      boolean second =
          !events.isEmpty() && events.get(events.size() - 1).version() >= end.version();
      int version = second ? end.version() + 1 : end.version();
      Instant at = end.endedAt();
      events.add(new TaskEvent(end.task(), version, type, at, node, attempt, detail));
    }
  }
}
