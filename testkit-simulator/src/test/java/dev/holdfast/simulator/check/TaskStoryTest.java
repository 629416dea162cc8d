package dev.holdfast.simulator.check;

import static dev.holdfast.domain.event.EventType.ASSIGNED;
import static dev.holdfast.domain.event.EventType.CANCELLED;
import static dev.holdfast.domain.event.EventType.CANCEL_REQUESTED;
import static dev.holdfast.domain.event.EventType.COMPLETED;
import static dev.holdfast.domain.event.EventType.CREATED;
import static dev.holdfast.domain.event.EventType.DEAD_LETTERED;
import static dev.holdfast.domain.event.EventType.FAILED;
import static dev.holdfast.domain.event.EventType.PROGRESSED;
import static dev.holdfast.domain.event.EventType.REASSIGNED;
import static dev.holdfast.domain.event.EventType.RELEASED;
import static dev.holdfast.domain.event.EventType.REPLAYED;
import static dev.holdfast.domain.event.EventType.RETRY_SCHEDULED;
import static dev.holdfast.domain.event.EventType.SCHEDULED;
import static dev.holdfast.domain.event.EventType.STARTED;
import static dev.holdfast.domain.event.EventType.TIMED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.VirtualClock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskStoryTest {

  private final TaskStory story = new TaskStory(RunPolicy.DEFAULT);
  private int version;
  private int attempt = 1;

  private String tell(EventType... types) {
    String answer = null;
    for (EventType type : types) {
      answer = story.tell(new TaskEvent(
          new TaskId(new UUID(1, 1)),
          ++version,
          type,
          VirtualClock.EPOCH,
          null,
          attempt,
          Map.of()));
    }
    return answer;
  }

  @Test
  void story_ofARetryThatCompletes_isInOrder() {
    assertThat(tell(CREATED, SCHEDULED, ASSIGNED, STARTED, FAILED, RETRY_SCHEDULED))
        .isNull();
    attempt = 2;
    assertThat(tell(ASSIGNED, RELEASED, ASSIGNED, STARTED, PROGRESSED, CANCEL_REQUESTED, COMPLETED))
        .isNull();
    assertThat(story.isOver()).isTrue();
    assertThat(story.end()).isEqualTo(TaskState.COMPLETED);
    assertThat(story).hasToString("OVER version 13 attempt 2 COMPLETED");
  }

  @Test
  void story_ofAReplay_beginsAnew() {
    assertThat(tell(CREATED, TIMED_OUT, REPLAYED)).isNull();
    assertThat(story.end()).isNull();
    assertThat(tell(CANCELLED)).isNull();
    assertThat(story.end()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void story_ofALossThatWasTheLast_isInOrder() {
    assertThat(tell(CREATED, ASSIGNED, STARTED, REASSIGNED, DEAD_LETTERED)).isNull();
  }

  @Test
  void event_thatIsMissing_isNoticed() {
    tell(CREATED);
    version++;
    assertThat(tell(ASSIGNED)).startsWith("S7 ");
  }

  @Test
  void attempts_beyondThePolicy_areNoticed() {
    tell(CREATED);
    attempt = 4;
    assertThat(tell(ASSIGNED)).isEqualTo("S9 attempt 4 of 3");
  }

  @Test
  void attempts_thatNeverStarted_doNotCount() {
    tell(CREATED, ASSIGNED, REASSIGNED);
    attempt = 2;
    assertThat(tell(ASSIGNED)).startsWith("S9 attempt 2 after attempt 1");
  }

  @Test
  void end_withoutAStart_isNoticed() {
    assertThat(tell(CREATED, ASSIGNED, FAILED)).startsWith("S4 fails without a start");
  }

  @Test
  void deadLetter_ofALossWithoutAStart_isNoticed() {
    assertThat(tell(CREATED, ASSIGNED, REASSIGNED, DEAD_LETTERED)).startsWith("S4 ends as FAILED");
  }

  @Test
  void event_behindTheEnd_isNoticed() {
    assertThat(tell(CREATED, CANCELLED, CANCELLED)).startsWith("S4 ");
    assertThat(tell(TIMED_OUT)).startsWith("S4 ");
    assertThat(tell(ASSIGNED)).startsWith("S4 does not wait");
  }

  @Test
  void replay_ofACompletedTask_isNoticed() {
    assertThat(tell(CREATED, ASSIGNED, STARTED, COMPLETED, REPLAYED)).startsWith("S4 is replayed");
  }

  @Test
  void event_ofTheWrongStage_isNoticed() {
    assertThat(tell(CREATED, CREATED)).startsWith("S4 born again");
    assertThat(tell(PROGRESSED)).startsWith("S4 has not started");
    assertThat(tell(CANCEL_REQUESTED)).startsWith("S4 is not held");
    assertThat(tell(RELEASED)).startsWith("S4 is not held");
    assertThat(tell(REASSIGNED)).startsWith("S4 is not held");
    assertThat(tell(STARTED)).startsWith("S4 is not claimed");
    assertThat(tell(SCHEDULED)).startsWith("S4 does not wait");
    assertThat(tell(RETRY_SCHEDULED)).startsWith("S4 has not failed");
    assertThat(tell(DEAD_LETTERED)).startsWith("S4 ends as");
  }
}
