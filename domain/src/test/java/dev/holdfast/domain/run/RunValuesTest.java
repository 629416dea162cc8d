package dev.holdfast.domain.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.task.IllegalTransition;
import dev.holdfast.domain.task.TaskState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunValuesTest {

  private static final Run RUN = Run.first(Samples.TASK, 1, Marks.NONE);

  @Test
  void progress_accepts_its_bounds_only() {
    assertThat(new Progress(0, null).percent()).isZero();
    assertThat(new Progress(100, "x".repeat(1000)).percent()).isEqualTo(100);
    for (double bad : new double[] {-0.1, 100.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Progress(bad, null))
          .withMessageContaining("0..100");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Progress(1, "x".repeat(1001)))
        .withMessageContaining("1000");
    assertThatIllegalArgumentException().isThrownBy(() -> new Progress(1, "a\0b"));
  }

  @Test
  void run_counts_from_one_and_orders_by_task_then_number() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RunKey(Samples.TASK, 0));
    assertThat(List.of(
            new RunKey(Samples.id(1), 1),
            new RunKey(Samples.id(1), 2),
            new RunKey(Samples.id(2), 1)))
        .isSorted();
  }

  @Test
  void marks_are_a_set() {
    Marks both = Marks.DEPENDANTS.with(Marks.WAKE);

    assertThat(both.has(Marks.WAKE)).isTrue();
    assertThat(both.has(Marks.MARK_START)).isFalse();
    assertThat(both.without(Marks.WAKE)).isEqualTo(Marks.DEPENDANTS);
    assertThat(Marks.NONE.has(Marks.NONE)).isTrue();
    assertThat(RUN.marked(Marks.WAKE).marks()).isEqualTo(Marks.WAKE);
  }

  @Test
  void kinds_are_read_back_from_their_codes() {
    assertThat(RunEnd.Kind.values())
        .allSatisfy(kind -> assertThat(RunEnd.Kind.of(kind.code())).isEqualTo(kind));
    assertThat(Note.Kind.values())
        .allSatisfy(kind -> assertThat(Note.Kind.of(kind.code())).isEqualTo(kind));
    assertThat(Arrays.stream(RunEnd.Kind.values()).map(RunEnd.Kind::code))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void runEnd_knows_the_state_that_it_leads_to() {
    assertThat(terminal(RunEnd.Kind.COMPLETED).state()).isEqualTo(TaskState.COMPLETED);
    assertThat(terminal(RunEnd.Kind.FAILED).state()).isEqualTo(TaskState.FAILED);
    assertThat(terminal(RunEnd.Kind.LOST).state()).isEqualTo(TaskState.FAILED);
    assertThat(terminal(RunEnd.Kind.CANCELLED).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(terminal(RunEnd.Kind.UPSTREAM_FAILED).state()).isEqualTo(TaskState.CANCELLED);
    assertThat(terminal(RunEnd.Kind.TIMED_OUT).state()).isEqualTo(TaskState.TIMED_OUT);
  }

  @Test
  void runEnd_that_ended_no_task_has_no_state() {
    assertThatIllegalStateException()
        .isThrownBy(() -> end(RunEnd.Kind.RELEASED, false).state())
        .withMessageContaining("RELEASED");
    assertThatIllegalStateException()
        .isThrownBy(() -> terminal(RunEnd.Kind.SUSPENDED).state());
  }

  @Test
  void runEnd_uses_two_versions_where_it_stands_for_two_events() {
    assertThat(end(RunEnd.Kind.FAILED, false).lastVersion()).isEqualTo(3);
    assertThat(terminal(RunEnd.Kind.FAILED).lastVersion()).isEqualTo(3);
    assertThat(end(RunEnd.Kind.LOST, false).lastVersion()).isEqualTo(2);
    assertThat(terminal(RunEnd.Kind.LOST).lastVersion()).isEqualTo(3);
    assertThat(terminal(RunEnd.Kind.COMPLETED).lastVersion()).isEqualTo(2);
  }

  @Test
  void move_refuses_a_step_that_the_table_does_not_list() {
    assertThatThrownBy(
            () -> new Move(TaskState.WAITING, null, List.of(), new Place.Blocked(RUN, 1)))
        .isInstanceOf(IllegalTransition.class)
        .hasMessage("a task that is waiting cannot become blocked");
  }

  @Test
  void move_must_end_the_task_or_place_it() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Move(TaskState.PENDING, null, List.of(), null));
    assertThatIllegalStateException()
        .isThrownBy(
            () -> new Move(TaskState.PENDING, end(RunEnd.Kind.RELEASED, false), List.of(), null));
  }

  @Test
  void places_are_the_states_of_live_tasks() {
    Place.Held held = Place.Held.claimed(RUN, Samples.lease(2));
    List<Place> places = List.of(
        new Place.Blocked(RUN, 1),
        new Place.Scheduled(RUN, Samples.T0),
        new Place.Ready(RUN),
        held,
        held.started(3, Samples.T0, null),
        new Place.Suspended(RUN, null));

    assertThat(places)
        .extracting(Place::state)
        .containsExactly(
            TaskState.BLOCKED,
            TaskState.SCHEDULED,
            TaskState.PENDING,
            TaskState.CLAIMED,
            TaskState.RUNNING,
            TaskState.WAITING);
    assertThat(places).allSatisfy(place -> {
      Place other = place.with(RUN.at(9));
      assertThat(other.run().version()).isEqualTo(9);
      assertThat(other.with(place.run())).isEqualTo(place);
    });
  }

  private static RunEnd terminal(RunEnd.Kind kind) {
    return end(kind, true);
  }

  private static RunEnd end(RunEnd.Kind kind, boolean terminal) {
    return new RunEnd(RUN.key(), kind, terminal, 1, 2, null, null, Samples.T0, null, null, null);
  }
}
