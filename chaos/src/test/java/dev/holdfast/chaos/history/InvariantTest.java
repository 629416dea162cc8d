package dev.holdfast.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.trace.ClaimRow;
import dev.holdfast.chaos.trace.ClientOp;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.LeadTerm;
import dev.holdfast.chaos.trace.NodeLine;
import dev.holdfast.chaos.trace.RunRow;
import dev.holdfast.chaos.trace.SeenEvent;
import dev.holdfast.chaos.trace.TaskRow;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.run.RunEnd.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each invariant must find what was made to break it, in a history that is sound otherwise. */
class InvariantTest {

  private static final String T = "t1";

  /** A task that was lost once and completed by another node. */
  private final List<ClientOp> client = list(
      new ClientOp(ClientOp.Kind.INVOKE, "k", "", 1), new ClientOp(ClientOp.Kind.OK, "k", T, 2));

  private final List<NodeLine> nodes = list(
      line(Mark.BEGIN, 1, 100, 10),
      line(Mark.BEGIN, 2, 200, 30),
      line(Mark.END, 2, 200, 40),
      line(Mark.ACCEPTED, 2, 200, 41),
      line(Mark.END, 1, 100, 50),
      line(Mark.MISSED, 1, 100, 51));
  private final List<TaskRow> tasks = list(new TaskRow(T, "k", "sleep", 2, "completed"));
  private final List<SeenEvent> events = list(
      event(1, EventType.CREATED, 0),
      event(2, EventType.ASSIGNED, 1),
      event(3, EventType.STARTED, 1),
      event(4, EventType.REASSIGNED, 1),
      event(5, EventType.ASSIGNED, 2),
      event(6, EventType.STARTED, 2),
      event(7, EventType.COMPLETED, 2));
  private final List<SeenEvent> followed = new ArrayList<>(events);
  private final List<RunRow> runs = list(
      new RunRow(T, 1, 11, 2, Kind.LOST.code(), false),
      new RunRow(T, 2, 12, 5, Kind.COMPLETED.code(), true));
  private final List<ClaimRow> claims = list(new ClaimRow(T, 2, 11), new ClaimRow(T, 5, 12));
  private final List<LeadTerm> leads = list(new LeadTerm(9, 1, 11), new LeadTerm(9, 2, 12));
  private final List<Long> heals = list(20L);

  @SafeVarargs
  private static <T> List<T> list(T... elements) {
    List<T> list = new ArrayList<>();
    for (T element : elements) {
      list.add(element);
    }
    return list;
  }

  private static NodeLine line(Mark mark, int run, long process, long nanos) {
    return new NodeLine(mark, T, run, run, "n" + process, process, nanos, "-");
  }

  private static SeenEvent event(int version, EventType type, int attempt) {
    return new SeenEvent("5." + version, T, version, type, attempt);
  }

  /** The ids of the invariants that are broken. */
  private Stream<String> broken() {
    History history =
        new History(client, nodes, tasks, events, followed, runs, claims, leads, heals);
    return Invariant.violations(history).stream()
        .map(text -> text.substring(0, text.indexOf(' ')))
        .distinct();
  }

  @Test
  void a_sound_history_breaks_nothing() {
    assertThat(broken()).isEmpty();
  }

  @Test
  void acknowledged_and_not_stored_is_found() {
    client.add(new ClientOp(ClientOp.Kind.OK, "other", "t2", 3));

    assertThat(broken()).containsExactly("I1");
  }

  @Test
  void acknowledged_under_another_id_is_found() {
    client.add(new ClientOp(ClientOp.Kind.OK, "k", "t2", 3));

    assertThat(broken()).containsExactly("I1");
  }

  @Test
  void two_tasks_of_one_key_are_found() {
    tasks.add(new TaskRow("t2", "k", "sleep", 2, "completed"));

    assertThat(broken()).contains("I1");
  }

  @Test
  void a_task_that_never_ends_is_found() {
    tasks.set(0, new TaskRow(T, "k", "sleep", 2, "running"));

    assertThat(broken()).contains("I2");
  }

  @Test
  void two_final_ends_are_found() {
    runs.set(0, new RunRow(T, 1, 11, 2, Kind.LOST.code(), true));

    assertThat(broken()).containsExactly("I3");
  }

  @Test
  void a_completion_by_a_run_that_is_not_the_newest_is_found() {
    claims.add(new ClaimRow(T, 6, 13));

    assertThat(broken()).containsExactly("I4");
  }

  @Test
  void a_run_that_two_have_is_found() {
    claims.add(new ClaimRow(T, 5, 13));

    assertThat(broken()).containsExactly("I5");
  }

  @Test
  void a_run_that_two_begin_is_found() {
    nodes.add(line(Mark.BEGIN, 2, 300, 35));

    assertThat(broken()).contains("I5");
  }

  @Test
  void a_run_ended_by_a_session_that_did_not_have_it_is_found() {
    runs.set(1, new RunRow(T, 2, 11, 5, Kind.COMPLETED.code(), true));

    assertThat(broken()).containsExactly("I5");
  }

  @Test
  void two_leaders_of_a_term_are_found() {
    leads.add(new LeadTerm(9, 2, 13));

    assertThat(broken()).contains("I6");
  }

  @Test
  void a_term_that_comes_again_is_found() {
    leads.add(new LeadTerm(8, 1, 13));

    assertThat(broken()).containsExactly("I7");
  }

  @Test
  void a_gap_in_the_versions_is_found() {
    events.remove(3);
    followed.remove(3);

    assertThat(broken()).containsExactly("I8");
  }

  @Test
  void a_state_that_its_events_do_not_make_is_found() {
    tasks.set(0, new TaskRow(T, "k", "sleep", 2, "failed"));

    assertThat(broken()).containsExactly("I9");
  }

  @Test
  void an_accepted_completion_that_is_not_stored_is_found() {
    nodes.add(line(Mark.ACCEPTED, 1, 100, 60));

    assertThat(broken()).containsExactly("I10");
  }

  @Test
  void a_refused_completion_that_is_stored_for_another_is_found() {
    nodes.add(line(Mark.MISSED, 2, 100, 60));

    assertThat(broken()).containsExactly("I10");
  }

  @Test
  void a_completion_whose_handler_never_returned_is_found() {
    nodes.remove(2);

    assertThat(broken()).contains("I10");
  }

  @Test
  void too_many_attempts_are_found() {
    tasks.set(0, new TaskRow(T, "k", "sleep", 1, "completed"));

    assertThat(broken()).containsExactly("I13");
  }

  @Test
  void too_many_calls_are_found() {
    nodes.add(line(Mark.BEGIN, 3, 300, 55));
    nodes.add(line(Mark.BEGIN, 4, 300, 56));

    assertThat(broken()).contains("I13");
  }

  @Test
  void an_event_that_the_follower_missed_is_found() {
    followed.remove(4);

    assertThat(broken()).containsExactly("I14");
  }

  @Test
  void an_event_that_the_follower_saw_and_nobody_else_is_found() {
    followed.add(event(8, EventType.REPLAYED, 0));

    assertThat(broken()).containsExactly("I14");
  }

  @Test
  void a_standstill_after_a_fault_is_found() {
    nodes.add(line(Mark.ACCEPTED, 2, 200, Duration.ofMinutes(1).toNanos()));

    assertThat(broken()).containsExactly("I15");
  }

  @Test
  void an_overlap_with_a_run_that_was_not_lost_is_found() {
    runs.set(0, new RunRow(T, 1, 11, 2, Kind.RELEASED.code(), false));

    assertThat(broken()).containsExactly("I17");
  }
}
