package dev.holdfast.simulator.check;

import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import org.jspecify.annotations.Nullable;

/** What the events of one task tell so far, and which of them may come next. */
final class TaskStory {

  private enum Stage {
    UNBORN,
    WAITING,
    CLAIMED,
    STARTED,
    /** Its attempt failed; what follows is told next. */
    FAILED,
    OVER
  }

  private final RunPolicy policy;
  private Stage stage = Stage.UNBORN;
  private @Nullable TaskState end;
  private int version;
  private int attempt;
  private boolean wasStarted;
  private boolean isLossFinal;

  TaskStory(RunPolicy policy) {
    this.policy = policy;
  }

  boolean isOver() {
    return stage == Stage.OVER;
  }

  /** How it ended; null while it lives. */
  @Nullable
  TaskState end() {
    return end;
  }

  int version() {
    return version;
  }

  /** Goes on by one event: what is wrong with it, the property in front, or null. */
  @Nullable
  String tell(TaskEvent event) {
    if (event.version() != ++version) {
      return "S7 version " + version + " is missing";
    }
    return switch (event.type()) {
      case CREATED -> to(stage == Stage.UNBORN, Stage.WAITING, "born again");
      case SCHEDULED, RESUMED -> to(stage == Stage.WAITING, Stage.WAITING, "does not wait");
      case ASSIGNED -> assigned(event.attempt());
      case STARTED -> started();
      case PROGRESSED -> to(stage == Stage.STARTED, stage, "has not started");
      case CANCEL_REQUESTED -> to(isHeld(), stage, "is not held");
      case RELEASED, SUSPENDED -> to(isHeld(), Stage.WAITING, "is not held");
      case REASSIGNED -> reassigned();
      case COMPLETED -> ended(stage == Stage.STARTED, TaskState.COMPLETED);
      case FAILED -> to(stage == Stage.STARTED, Stage.FAILED, "fails without a start");
      case RETRY_SCHEDULED -> to(stage == Stage.FAILED, Stage.WAITING, "has not failed");
      case DEAD_LETTERED -> ended(stage == Stage.FAILED || isLossFinal, TaskState.FAILED);
      case CANCELLED -> ended(stage != Stage.OVER, TaskState.CANCELLED);
      case TIMED_OUT -> ended(stage != Stage.OVER, TaskState.TIMED_OUT);
      case REPLAYED -> replayed();
    };
  }

  private boolean isHeld() {
    return stage == Stage.CLAIMED || stage == Stage.STARTED;
  }

  private @Nullable String to(boolean isLegal, Stage next, String fault) {
    String answer = isLegal ? null : "S4 " + fault + " in stage " + stage;
    stage = next;
    return answer;
  }

  private @Nullable String assigned(int newAttempt) {
    if (newAttempt > policy.maxAttempts()) {
      return "S9 attempt " + newAttempt + " of " + policy.maxAttempts();
    }
    if (newAttempt > attempt + 1 || (newAttempt > attempt && attempt > 0 && !wasStarted)) {
      return "S9 attempt " + newAttempt + " after attempt " + attempt + ", which never started";
    }
    attempt = newAttempt;
    wasStarted = false;
    return to(stage == Stage.WAITING, Stage.CLAIMED, "does not wait");
  }

  private @Nullable String started() {
    wasStarted = true;
    return to(stage == Stage.CLAIMED, Stage.STARTED, "is not claimed");
  }

  private @Nullable String reassigned() {
    isLossFinal = stage == Stage.STARTED;
    return to(isHeld(), Stage.WAITING, "is not held");
  }

  private @Nullable String ended(boolean isLegal, TaskState as) {
    isLossFinal = false;
    end = as;
    return to(isLegal, Stage.OVER, "ends as " + as);
  }

  private @Nullable String replayed() {
    String answer = to(
        stage == Stage.OVER && end != TaskState.COMPLETED, Stage.WAITING, "is replayed as " + end);
    end = null;
    attempt = 0;
    wasStarted = false;
    return answer;
  }

  @Override
  public String toString() {
    return stage + " version " + version + " attempt " + attempt + (end == null ? "" : " " + end);
  }
}
