package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.once;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.task.SubmitAnswer.Fault;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SubmitFaultsTest {

  private static final TaskId NOBODY =
      new TaskId(UUID.fromString("01890000-0000-7000-8000-0000000000ff"));

  private final Desk desk = new Desk();

  private List<Fault> faults(NewTask... batch) {
    SubmitAnswer answer = desk.answer(batch);
    assertThat(answer).isInstanceOf(SubmitAnswer.Invalid.class);
    assertThat(desk.storage.tasks().list(TaskFilter.ALL, 100))
        .as("nothing of it is stored")
        .noneMatch(view -> view.definition().createdAt().equals(desk.now()));
    return ((SubmitAnswer.Invalid) answer).faults();
  }

  private static NewTask elsewhere(NewTask task) {
    TaskAddress here = task.address();
    return task.at(new TaskAddress(new Namespace("other"), here.queue(), here.type()));
  }

  @Test
  void a_ref_that_names_no_task_of_the_batch_is_told_with_index_and_pointer() {
    assertThat(faults(work().named("a"), work().after(needs("a", "b"))))
        .extracting(Fault::index, Fault::pointer)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(1, "/dependsOn/1/ref"));
  }

  @Test
  void a_repeated_ref_a_repeated_key_and_a_repeated_dependency_are_told_together() {
    List<Fault> faults = faults(
        work().named("a").withKey("k"),
        work().named("a").withKey("k"),
        work().after(needs("a", "a")),
        work().under(new TaskLink.InBatch("nobody")));

    assertThat(faults)
        .extracting(fault -> fault.index() + fault.pointer())
        .containsExactlyInAnyOrder("1/ref", "1/idempotencyKey", "2/dependsOn/1", "3/parent/ref");
  }

  @Test
  void a_circle_is_told_at_each_of_its_tasks() {
    List<Fault> faults = faults(
        work().named("a").after(needs("c")),
        work().named("b").after(needs("a")),
        work().named("c").after(needs("b")),
        work().named("free"));

    assertThat(faults).extracting(Fault::index).containsExactly(0, 1, 2);
    assertThat(faults).allMatch(fault -> fault.pointer().equals("/dependsOn"));
  }

  @Test
  void a_task_that_waits_for_itself_is_a_circle() {
    assertThat(faults(work().named("a").after(needs("a")))).hasSize(1);
  }

  @Test
  void a_task_behind_a_circle_is_not_blamed() {
    List<Fault> faults = faults(
        work().named("a").after(needs("b")),
        work().named("b").after(needs("a")),
        work().named("behind").after(needs("b")));

    assertThat(faults).extracting(Fault::index).containsExactly(0, 1);
  }

  @Test
  void links_in_the_batch_do_not_cross_namespaces() {
    List<Fault> faults = faults(
        elsewhere(work()).named("a"),
        work().after(needs("a")),
        work().under(new TaskLink.InBatch("a")));

    assertThat(faults)
        .extracting(fault -> fault.index() + fault.pointer())
        .containsExactly("1/dependsOn/0/ref", "2/parent/ref");
  }

  @Test
  void links_to_tasks_that_exist_are_checked_in_the_storage() {
    TaskId foreign = desk.submit(elsewhere(work()));
    desk.clock.advance(java.time.Duration.ofSeconds(1));

    List<Fault> faults = faults(
        work().after(needs(NOBODY)),
        work().after(needs(foreign)),
        work().under(new TaskLink.Existing(NOBODY)),
        work().under(new TaskLink.Existing(foreign)));

    assertThat(faults)
        .extracting(fault -> fault.index() + fault.pointer())
        .containsExactly(
            "0/dependsOn/0/task", "1/dependsOn/0/task", "2/parent/task", "3/parent/task");
  }

  @Test
  void the_same_key_in_two_namespaces_is_two_keys() {
    assertThat(desk.submitAll(work().withKey("k"), elsewhere(work()).withKey("k")))
        .hasSize(2);
  }

  @Test
  void keys_of_a_refused_batch_are_given_back() {
    faults(work().withKey("k"), work().after(needs(NOBODY)));

    assertThat(desk.answer(once().withKey("k"))).isInstanceOf(SubmitAnswer.Accepted.class);
  }

  @Test
  void a_refused_batch_does_not_spoil_another_one_of_the_same_flush() {
    SubmitTasks.Batch bad = sound(work().after(needs(NOBODY)));
    SubmitTasks.Batch good = sound(work().named("good"));

    List<Optional<SubmitAnswer>> answers = desk.submit.flush(List.of(bad, good), false);

    assertThat(answers.get(0).orElseThrow()).isInstanceOf(SubmitAnswer.Invalid.class);
    assertThat(Desk.receipts(answers.get(1).orElseThrow())).hasSize(1);
  }

  @Test
  void the_parent_is_kept_by_its_id() {
    List<TaskId> ids = desk.submitAll(work().named("p"), work().under(new TaskLink.InBatch("p")));
    TaskId third = desk.submit(work().under(new TaskLink.Existing(ids.get(1))));

    assertThat(desk.view(ids.get(1)).definition().identity().parent()).isEqualTo(ids.get(0));
    assertThat(desk.view(third).definition().identity().parent()).isEqualTo(ids.get(1));
    assertThat(desk.state(ids.get(1)))
        .as("a parent holds nobody back")
        .isEqualTo(TaskState.PENDING);
  }

  private SubmitTasks.Batch sound(NewTask... tasks) {
    return ((SubmitTasks.Prepared.Sound) desk.submit.prepare(List.of(tasks))).batch();
  }
}
