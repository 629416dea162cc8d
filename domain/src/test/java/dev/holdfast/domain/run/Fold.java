package dev.holdfast.domain.run;

import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.task.TaskState;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a reader who has only the event log knows of a task.
 *
 * <p>Passing time and ending dependencies are no events of the task, so the log leaves open which
 * of the three waiting states a task is in until it is assigned; everything else it tells exactly.
 */
final class Fold {

  private static final Set<TaskState> WAITS =
      EnumSet.of(TaskState.BLOCKED, TaskState.SCHEDULED, TaskState.PENDING);
  private static final Set<TaskState> LIVE = EnumSet.of(
      TaskState.BLOCKED,
      TaskState.SCHEDULED,
      TaskState.PENDING,
      TaskState.CLAIMED,
      TaskState.RUNNING,
      TaskState.WAITING);
  private static final Set<TaskState> HELD = EnumSet.of(TaskState.CLAIMED, TaskState.RUNNING);
  private static final Set<TaskState> REPLAYABLE =
      EnumSet.of(TaskState.FAILED, TaskState.CANCELLED, TaskState.TIMED_OUT);

  private Set<TaskState> states = EnumSet.noneOf(TaskState.class);
  private EventType last = EventType.CREATED;
  private int version;
  private int runs;
  private int attempt;
  private boolean cancelRequested;

  private Fold() {}

  /** Reads a whole log; fails where it could not be the log of one task. */
  static Fold of(List<TaskEvent> events) {
    Fold fold = new Fold();
    events.forEach(fold::read);
    return fold;
  }

  /** The states that the log allows; one, unless the task waits for a node, a time or others. */
  Set<TaskState> states() {
    return states;
  }

  int version() {
    return version;
  }

  /** How often it was handed to a node. */
  int runs() {
    return runs;
  }

  /** Its newest attempt, 0 before the first since its birth or replay. */
  int attempt() {
    return attempt;
  }

  boolean cancelRequested() {
    return cancelRequested;
  }

  private void read(TaskEvent event) {
    if (event.version() != version + 1) {
      throw new AssertionError("version " + event.version() + " follows " + version);
    }
    version = event.version();
    switch (event.type()) {
      case CREATED -> from(event, EnumSet.noneOf(TaskState.class), WAITS);
      case SCHEDULED -> from(event, WAITS, due());
      case ASSIGNED -> assigned(event);
      case STARTED -> from(event, EnumSet.of(TaskState.CLAIMED), EnumSet.of(TaskState.RUNNING));
      case PROGRESSED -> from(event, EnumSet.of(TaskState.RUNNING), EnumSet.of(TaskState.RUNNING));
      case CANCEL_REQUESTED -> {
        from(event, HELD, EnumSet.copyOf(states));
        cancelRequested = true;
      }
      case RELEASED, REASSIGNED -> from(event, HELD, EnumSet.of(TaskState.PENDING));
      case SUSPENDED -> from(event, HELD, EnumSet.of(TaskState.WAITING));
      case RESUMED -> from(event, EnumSet.of(TaskState.WAITING), EnumSet.of(TaskState.PENDING));
      case FAILED -> from(event, HELD, EnumSet.of(TaskState.FAILED));
      case RETRY_SCHEDULED -> follows(event, due(), EventType.FAILED);
      case DEAD_LETTERED ->
        follows(event, EnumSet.of(TaskState.FAILED), EventType.FAILED, EventType.REASSIGNED);
      case COMPLETED -> from(event, HELD, EnumSet.of(TaskState.COMPLETED));
      case CANCELLED -> from(event, LIVE, EnumSet.of(TaskState.CANCELLED));
      case TIMED_OUT -> from(event, LIVE, EnumSet.of(TaskState.TIMED_OUT));
      case REPLAYED -> {
        from(event, REPLAYABLE, WAITS);
        attempt = 0;
      }
    }
    last = event.type();
  }

  private void assigned(TaskEvent event) {
    from(event, EnumSet.of(TaskState.PENDING), EnumSet.of(TaskState.CLAIMED));
    runs++;
    attempt = event.attempt();
    cancelRequested = false;
  }

  private static Set<TaskState> due() {
    return EnumSet.of(TaskState.SCHEDULED, TaskState.PENDING);
  }

  private void from(TaskEvent event, Set<TaskState> allowed, Set<TaskState> next) {
    boolean first = states.isEmpty() && allowed.isEmpty();
    if (!first && states.stream().noneMatch(allowed::contains)) {
      throw new AssertionError(event.type() + " cannot happen to a task that is " + states);
    }
    states = next;
  }

  private void follows(TaskEvent event, Set<TaskState> next, EventType... before) {
    if (!List.of(before).contains(last)) {
      throw new AssertionError(event.type() + " follows " + last);
    }
    states = next;
  }
}
