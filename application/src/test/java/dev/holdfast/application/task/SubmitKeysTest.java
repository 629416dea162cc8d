package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.needs;
import static dev.holdfast.application.testing.Desk.receipts;
import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.task.SubmitAnswer.Conflict;
import dev.holdfast.application.task.SubmitAnswer.KeyConflict;
import dev.holdfast.application.task.SubmitAnswer.Receipt;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubmitKeysTest {

  private final Desk desk = new Desk();

  private static NewTask keyed(String payload) {
    return NewTask.of("work", new Json(payload)).withKey("k");
  }

  private SubmitTasks.Batch sound(NewTask... tasks) {
    return ((SubmitTasks.Prepared.Sound) desk.submit.prepare(List.of(tasks))).batch();
  }

  private int stored() {
    return desk.storage.tasks().list(TaskFilter.ALL, 1000).size();
  }

  @Test
  void the_same_content_again_answers_with_the_first_task_in_its_present_state() {
    TaskId first = desk.submit(keyed("{\"a\": 1, \"b\": [1,2]}"));
    desk.complete(desk.claimOnly());

    Receipt again = receipts(desk.answer(keyed("{\"b\": [1,2], \"a\": 1}"))).get(0);

    assertThat(again).isEqualTo(new Receipt(first, null, TaskState.COMPLETED, true));
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void other_content_is_a_conflict_and_nothing_of_the_batch_is_stored() {
    TaskId first = desk.submit(keyed("{\"a\": [1,2]}"));

    SubmitAnswer answer = desk.answer(work().withKey("new"), keyed("{\"a\": [2,1]}"));

    assertThat(answer).isEqualTo(new Conflict(List.of(new KeyConflict(1, "k", first))));
    assertThat(stored()).isEqualTo(1);
    assertThat(receipts(desk.answer(work().withKey("new"))).get(0).existing())
        .as("the key was given back")
        .isFalse();
  }

  @Test
  void every_conflict_of_a_batch_is_told() {
    TaskId one = desk.submit(work().withKey("1"));
    TaskId two = desk.submit(work().withKey("2"));

    SubmitAnswer answer =
        desk.answer(work().withPriority(1).withKey("2"), work().withPriority(1).withKey("1"));

    assertThat(((Conflict) answer).conflicts())
        .containsExactly(new KeyConflict(0, "2", two), new KeyConflict(1, "1", one));
  }

  @Test
  void a_conflict_does_not_spoil_another_batch_of_the_same_flush() {
    desk.submit(keyed("1"));

    List<Optional<SubmitAnswer>> answers =
        desk.submit.flush(List.of(sound(keyed("2")), sound(work())), false);

    assertThat(answers.get(0).orElseThrow()).isInstanceOf(Conflict.class);
    assertThat(receipts(answers.get(1).orElseThrow())).hasSize(1);
  }

  @Test
  void batches_that_share_a_key_are_answered_one_after_the_other() {
    SubmitTasks.Batch first = sound(keyed("1"));
    SubmitTasks.Batch same = sound(keyed("1"));
    SubmitTasks.Batch other = sound(keyed("2"));

    List<Optional<SubmitAnswer>> answers = desk.submit.flush(List.of(first, same, other), false);
    assertThat(answers).extracting(Optional::isPresent).containsExactly(true, false, false);
    TaskId id = receipts(answers.get(0).orElseThrow()).get(0).id();

    answers = desk.submit.flush(List.of(same), false);
    assertThat(receipts(answers.get(0).orElseThrow()).get(0).id()).isEqualTo(id);
    answers = desk.submit.flush(List.of(other), false);
    assertThat(answers.get(0).orElseThrow()).isInstanceOf(Conflict.class);
  }

  @Test
  void a_new_task_waits_for_the_task_that_a_ref_had_before() {
    TaskId first = desk.submitAll(work().withKey("k").named("up")).get(0);

    List<Receipt> receipts = receipts(
        desk.answer(work().withKey("k").named("up"), work().named("down").after(needs("up"))));

    assertThat(receipts).extracting(Receipt::existing).containsExactly(true, false);
    assertThat(receipts).extracting(Receipt::ref).containsExactly("up", "down");
    assertThat(receipts.get(0).id()).isEqualTo(first);
    assertThat(desk.state(receipts.get(1).id())).isEqualTo(TaskState.BLOCKED);
    desk.complete(desk.claimOnly());
    assertThat(desk.state(receipts.get(1).id())).isEqualTo(TaskState.PENDING);
  }

  @Test
  void a_task_that_is_named_by_ref_and_by_id_is_waited_for_once() {
    TaskId first = desk.submitAll(work().withKey("k").named("up")).get(0);
    var both = new java.util.ArrayList<>(needs("up"));
    both.addAll(needs(first));

    TaskId down =
        desk.submitAll(work().withKey("k").named("up"), work().after(both)).get(1);
    desk.complete(desk.claimOnly());

    assertThat(desk.state(down)).isEqualTo(TaskState.PENDING);
  }

  @Test
  void a_lost_commit_and_its_retry_store_once() {
    SubmitTasks.Batch batch =
        sound(work().named("a").withKey("k"), work().named("b").after(needs("a")));
    desk.storage.loseAnswersOf("create", 1);
    assertThatThrownBy(() -> desk.submit.flush(List.of(batch), false))
        .isInstanceOf(StorageUnavailable.class);

    List<Receipt> receipts =
        receipts(desk.submit.flush(List.of(batch), false).get(0).orElseThrow());

    assertThat(stored()).isEqualTo(2);
    assertThat(receipts).extracting(Receipt::existing).containsExactly(false, false);
    assertThat(receipts)
        .extracting(Receipt::state)
        .containsExactly(TaskState.PENDING, TaskState.BLOCKED);
  }

  @Test
  void a_lost_commit_of_a_batch_of_which_a_part_existed_is_recognised() {
    TaskId dead = desk.submit(Desk.once());
    desk.fail(desk.claimOnly());
    TaskId before = desk.submit(work().withKey("k"));
    SubmitTasks.Batch batch = sound(work().withKey("k"), work().after(needs(dead)), work());
    desk.storage.loseAnswersOf("create", 1);
    assertThatThrownBy(() -> desk.submit.flush(List.of(batch), false))
        .isInstanceOf(StorageUnavailable.class);

    List<Receipt> receipts =
        receipts(desk.submit.flush(List.of(batch), false).get(0).orElseThrow());

    assertThat(stored()).isEqualTo(4);
    assertThat(receipts).extracting(Receipt::existing).containsExactly(true, false, false);
    assertThat(receipts.get(0).id()).isEqualTo(before);
    assertThat(receipts)
        .extracting(Receipt::state)
        .containsExactly(TaskState.PENDING, TaskState.CANCELLED, TaskState.PENDING);
  }

  @Test
  void a_try_that_did_nothing_is_simply_repeated() {
    SubmitTasks.Batch batch = sound(work());
    desk.storage.down(true);
    assertThatThrownBy(() -> desk.submit.flush(List.of(batch), false))
        .isInstanceOf(StorageUnavailable.class);
    desk.storage.down(false);

    assertThat(receipts(desk.submit.flush(List.of(batch), false).get(0).orElseThrow()))
        .hasSize(1);
  }

  @Test
  void store_joins_the_callers_transaction_and_goes_with_it() {
    SubmitTasks.Batch batch = sound(work());

    assertThatThrownBy(() -> desk.storage.transact(tx -> {
          receipts(desk.submit.store(tx, batch));
          throw new IllegalStateException("the caller rolls back");
        }))
        .hasMessage("the caller rolls back");

    assertThat(stored()).isZero();
  }

  @Test
  void store_answers_with_tasks_that_existed_before() {
    TaskId ended = desk.submit(keyed("1"));
    desk.complete(desk.claimOnly());
    TaskId live = desk.submit(work().withKey("live"));
    SubmitTasks.Batch batch = sound(keyed("1"), work().withKey("live"), work().withKey("new"));

    List<Receipt> receipts =
        receipts(desk.storage.<SubmitAnswer>transact(tx -> desk.submit.store(tx, batch)));

    assertThat(receipts.get(0)).isEqualTo(new Receipt(ended, null, TaskState.COMPLETED, true));
    assertThat(receipts.get(1)).isEqualTo(new Receipt(live, null, TaskState.PENDING, true));
    assertThat(receipts.get(2).existing()).isFalse();
  }
}
