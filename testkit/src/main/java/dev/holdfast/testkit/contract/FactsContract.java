package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is appended and never changed. */
public abstract class FactsContract extends StorageContract {

  private Held taken() {
    steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    assertThat(storage()
            .<List<Held>>transact(tx -> tx.runs().take(List.of(held.run().key()))))
        .hasSize(1);
    return held;
  }

  private Map<TaskId, RunEnd> lastEnds(TaskId... tasks) {
    return storage().transact(tx -> tx.facts().lastEnds(List.of(tasks)));
  }

  private Map<RunKey, RunEnd> ends(RunKey... keys) {
    return storage().transact(tx -> tx.facts().ends(List.of(keys)));
  }

  private Note progress(TaskId task, int version, double percent) {
    Instant now = now();
    Progress progress = new Progress(percent, "half ü");
    return new Note(
        task, version, Note.Kind.PROGRESSED, now, 1, null, progress, now.plusSeconds(1), "why");
  }

  @Test
  void end_keepsEveryMember() {
    Held held = taken();
    Instant now = now();
    RunEnd end = new RunEnd(
        held.run().key(),
        RunEnd.Kind.FAILED,
        false,
        1,
        4,
        held.lease(),
        new RunEnd.Start(now.minusMillis(3), 3),
        now,
        now.plusSeconds(2),
        null,
        samples().error());
    transact(tx -> tx.facts().end(List.of(end)));

    assertThat(ends(end.key())).isEqualTo(Map.of(end.key(), end));
  }

  @Test
  void ends_leaveTheResultOut() {
    Held held = taken();
    Instant now = now();
    RunEnd end = new RunEnd(
        held.run().key(),
        RunEnd.Kind.COMPLETED,
        true,
        1,
        3,
        held.lease(),
        null,
        now,
        null,
        new Json("[1]"),
        null);
    transact(tx -> tx.facts().end(List.of(end)));

    assertThat(ends(end.key()).get(end.key()))
        .satisfies(kept -> assertThat(Objects.requireNonNull(kept).result()).isNull());
    assertThat(lastEnds(end.task())).containsKey(end.task());
    assertThat(storage().tasks().find(end.task()).orElseThrow().result())
        .isEqualTo(new Json("[1]"));
  }

  @Test
  void ends_areFoundByTaskAndRun() {
    steps().submit();
    SessionId session = steps().open("a");
    Held first = steps().claimOne(session);
    assertThat(steps().release(first)).isPresent();
    Held second = steps().claimOne(session);
    assertThat(steps().complete(second)).isTrue();
    RunKey third = new RunKey(first.run().task(), 3);

    assertThat(ends(first.run().key(), second.run().key(), third))
        .containsOnlyKeys(first.run().key(), second.run().key());
  }

  @Test
  void lastEnds_areTheNewestTerminalOnes() {
    TaskDefinition task = steps().submit();
    TaskDefinition live = steps().submit();
    assertThat(commands().cancel(task.id())).isTrue();
    assertThat(lastEnds(task.id(), live.id())).containsOnlyKeys(task.id());
    assertThat(commands().replay(task.id())).isTrue();
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();

    assertThat(lastEnds(task.id()).get(task.id()))
        .satisfies(
            end -> assertThat(Objects.requireNonNull(end).state()).isEqualTo(TaskState.COMPLETED));
  }

  @Test
  void lastEnds_passOverEndsThatEndedNoTask() {
    steps().submit();
    SessionId session = steps().open("a");
    Held held = steps().claimOne(session);
    assertThat(steps().release(held)).isPresent();

    assertThat(lastEnds(held.run().task())).isEmpty();
  }

  @Test
  void note_keepsEveryMember() {
    TaskDefinition task = steps().submit();
    Note note = progress(task.id(), 2, 50);
    assertThat(storage().<Set<TaskId>>transact(tx -> tx.facts().note(List.of(note))))
        .containsExactly(task.id());

    var event = storage().events().ofTask(task.id(), 1, 10).getFirst();
    assertThat(event.version()).isEqualTo(2);
    assertThat(event.at()).isEqualTo(note.at());
    assertThat(event.attempt()).isEqualTo(1);
    assertThat(event.detail())
        .isEqualTo(Map.of(
            "at",
            Objects.requireNonNull(note.dueAt()),
            "percent",
            50.0,
            "message",
            "half ü",
            "reason",
            "why"));
  }

  @Test
  void note_keepsTheFirstOfAVersion() {
    TaskDefinition task = steps().submit();
    TaskDefinition other = steps().submit();
    transact(tx -> tx.facts().note(List.of(percent(task.id(), 2, 1, tx))));

    Set<TaskId> written = storage()
        .transact(tx ->
            tx.facts().note(List.of(percent(task.id(), 2, 99, tx), percent(other.id(), 2, 1, tx))));

    assertThat(written).containsExactly(other.id());
    assertThat(storage().events().ofTask(task.id(), 1, 10))
        .singleElement()
        .satisfies(event -> assertThat(event.detail()).containsEntry("percent", 1.0));
  }

  private static Note percent(TaskId task, int version, double percent, StorageTx tx) {
    Progress progress = new Progress(percent, null);
    return new Note(task, version, Note.Kind.PROGRESSED, tx.now(), 1, null, progress, null, null);
  }

  @Test
  void note_takesSeveralOfOneTask() {
    TaskDefinition task = steps().submit();
    transact(tx ->
        tx.facts().note(List.of(percent(task.id(), 2, 1, tx), percent(task.id(), 3, 2, tx))));

    assertThat(storage().events().ofTask(task.id(), 0, 10)).hasSize(3);
  }

  @Test
  void definitions_leaveOutTasksThatDoNotExist() {
    TaskDefinition task = steps().submit();
    Map<TaskId, TaskDefinition> found = storage()
        .transact(tx -> tx.facts().definitions(List.of(task.id(), samples().taskId())));

    assertThat(found).isEqualTo(Map.of(task.id(), task));
  }

  @Test
  void lock_isFreeForSharersAndKnowsNoMissingTask() {
    TaskDefinition task = steps().submit();
    transact(tx -> {
      tx.facts().lock(List.of(task.id(), samples().taskId()), false);
      tx.facts().lock(List.of(), true);
      tx.facts().lock(List.of(task.id()), true);
    });

    assertThat(lastEnds(task.id())).isEmpty();
  }

  @Test
  void count_isAddedUpPerQueueAndState() {
    QueueName mail = new QueueName("mail");
    transact(tx -> tx.facts()
        .count(List.of(
            new Tally(mail, TaskState.COMPLETED, 5),
            new Tally(mail, TaskState.FAILED, 2),
            new Tally(QueueName.DEFAULT, TaskState.COMPLETED, 1))));
    transact(tx -> tx.facts().count(List.of(new Tally(mail, TaskState.FAILED, -1))));

    assertThat(storage().tasks().stats().queues())
        .isEqualTo(Map.of(
            mail,
            Map.of(TaskState.COMPLETED, 5L, TaskState.FAILED, 1L),
            QueueName.DEFAULT,
            Map.of(TaskState.COMPLETED, 1L)));
  }

  @Test
  void count_isTheSameAfterItWasRolledUp() {
    transact(tx -> tx.facts()
        .count(List.of(
            new Tally(QueueName.DEFAULT, TaskState.COMPLETED, 5),
            new Tally(QueueName.DEFAULT, TaskState.CANCELLED, 1))));
    advance(Duration.ofMinutes(2));
    transact(tx -> tx.facts()
        .count(List.of(
            new Tally(QueueName.DEFAULT, TaskState.COMPLETED, 2),
            new Tally(QueueName.DEFAULT, TaskState.CANCELLED, -1))));
    var before = storage().tasks().stats().queues();

    assertThat(storage().upkeep().rollUpCounts()).isPositive();
    assertThat(storage().upkeep().rollUpCounts()).isZero();
    storage().upkeep().tidy();

    assertThat(storage().tasks().stats().queues()).isEqualTo(before);
    assertThat(before).isEqualTo(Map.of(QueueName.DEFAULT, Map.of(TaskState.COMPLETED, 7L)));
  }
}
