package dev.holdfast.domain.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskStateTest {

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void to_takes_the_listed_steps_and_no_others(TaskState from) {
    for (TaskState next : TaskState.values()) {
      if (from.successors().contains(next)) {
        assertThat(from.to(next)).isEqualTo(next);
      } else {
        assertThatThrownBy(() -> from.to(next))
            .isInstanceOfSatisfying(IllegalTransition.class, e -> {
              assertThat(e.from()).isEqualTo(from);
              assertThat(e.to()).isEqualTo(next);
            })
            .hasMessage("a task that is " + from.code() + " cannot become " + next.code());
      }
    }
  }

  @Test
  void no_state_follows_itself() {
    assertThat(TaskState.values())
        .allSatisfy(state -> assertThat(state.successors()).doesNotContain(state));
  }

  @Test
  void every_live_task_can_be_cancelled_and_expire() {
    assertThat(TaskState.values())
        .filteredOn(state -> !state.isTerminal())
        .allSatisfy(state ->
            assertThat(state.successors()).contains(TaskState.CANCELLED, TaskState.TIMED_OUT));
  }

  @Test
  void an_ended_task_only_starts_anew_and_a_completed_one_never() {
    assertThat(TaskState.COMPLETED.successors()).isEmpty();
    assertThat(EnumSet.of(TaskState.FAILED, TaskState.CANCELLED, TaskState.TIMED_OUT))
        .allSatisfy(state -> assertThat(state.successors())
            .containsExactlyInAnyOrder(TaskState.BLOCKED, TaskState.SCHEDULED, TaskState.PENDING));
  }

  @Test
  void successors_may_be_changed_without_harm() {
    TaskState.PENDING.successors().clear();

    assertThat(TaskState.PENDING.successors()).isNotEmpty();
  }

  @Test
  void codes_are_those_of_the_contract() {
    assertThat(Arrays.stream(TaskState.values()).map(TaskState::code))
        .containsExactly(
            "blocked",
            "scheduled",
            "pending",
            "claimed",
            "running",
            "waiting",
            "completed",
            "failed",
            "cancelled",
            "timed_out");
  }
}
