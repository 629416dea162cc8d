package dev.holdfast.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.harness.Commands;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** A transaction that throws leaves no trace, whatever it did and wherever the tasks were. */
final class RollbackTest {

  private static final int ROUNDS = 60;

  private final VirtualClock clock = new VirtualClock();
  private final Storage storage = new InMemoryStorage(clock);
  private final Samples samples = Samples.seeded();
  private final Random dice = samples.random();
  private final Steps steps = new Steps(storage, samples);
  private final Commands commands = new Commands(storage, samples);
  private SessionId session = new SessionId(0);
  private List<Lane> lanes = List.of();

  @RepeatedTest(20)
  void transact_takesEverythingBack() {
    session = steps.open("a");
    for (int round = 0; round < ROUNDS; round++) {
      goOn();
      lanes = storage.tasks().lanesAfter(0);
      List<TaskId> tasks = storage.tasks().list(TaskFilter.ALL, 1000).stream()
          .map(view -> view.definition().id())
          .toList();
      List<Object> before = everything();

      assertThatThrownBy(() -> storage.transact(tx -> mess(tx, tasks))).hasMessage("on purpose");

      assertThat(everything()).as("seed %s", samples.seed()).isEqualTo(before);
    }
  }

  private void goOn() {
    clock.advance(Duration.ofMillis(dice.nextInt(900)));
    switch (dice.nextInt(6)) {
      case 0 -> steps.submit(1 + dice.nextInt(3));
      case 1 ->
        commands.submitAfter(samples.task(), true, Steps.ids(steps.submit(), steps.submit()));
      case 2 -> steps.claim(session, 2).forEach(steps::fail);
      case 3 -> steps.complete(steps.claim(session, 2));
      case 4 -> steps.claim(session, 1).forEach(held -> steps.progress(held, 5));
      default -> steps.promote(5);
    }
    if (dice.nextInt(10) == 0) {
      session = steps.open("a");
      commands.reap();
    }
  }

  private Object mess(StorageTx tx, List<TaskId> tasks) {
    tx.submissions().create(List.of(samples.birth(samples.task().inQueue("new"), tx.now())));
    for (int i = 0; i < 6; i++) {
      messOnce(tx, tasks);
    }
    throw new IllegalStateException("on purpose");
  }

  private void messOnce(StorageTx tx, List<TaskId> tasks) {
    switch (dice.nextInt(7)) {
      case 0 -> tx.runs().claim(new ClaimRequest(session, dice.nextLong(), lanes, 3));
      case 1 -> complete(tx, tasks);
      case 2 -> tx.places().takeWaiting(tasks);
      case 3 -> tx.places().mark(tasks, Marks.WAKE);
      case 4 -> suspend(tx, tasks);
      case 5 -> tasks.forEach(task -> tx.places().expireAt(Map.of(task, tx.now())));
      default -> {
        tx.runs().takeOf(session, 2);
        tx.places().takeExpired(2);
        tx.places().takeDue(2);
      }
    }
  }

  private static void complete(StorageTx tx, List<TaskId> tasks) {
    List<Completion> completions = new ArrayList<>();
    for (Held held : tx.runs().lock(tasks)) {
      completions.add(
          new Completion(held.run().key(), QueueName.DEFAULT, Steps.completed("1", tx.now())));
    }
    tx.runs().complete(completions);
  }

  private static void suspend(StorageTx tx, List<TaskId> tasks) {
    for (Place place : tx.places().takeWaiting(tasks)) {
      tx.places().put(List.of(new Place.Suspended(place.run(), tx.now())));
    }
  }

  /** What can be seen, and what a claim and a promotion would find. */
  private List<Object> everything() {
    List<Object> all = new ArrayList<>();
    for (TaskView view : storage.tasks().list(TaskFilter.ALL, 1000)) {
      all.add(storage.tasks().find(view.definition().id()).orElseThrow());
    }
    EventPosition start = storage.events().start();
    all.add(storage.events().page(start, 100_000).entries());
    all.add(storage.events().head());
    all.add(storage.tasks().lanesAfter(0));
    all.add(storage.tasks().stats().queues());
    all.add(storage.sessions().nodes());
    all.add(peek());
    return all;
  }

  private List<Object> peek() {
    List<Object> found = new ArrayList<>();
    try {
      storage.transact(tx -> {
        found.add(tx.places().takeDue(1000));
        found.add(tx.places().takeExpired(1000));
        found.add(tx.runs().takeOf(session, 1000));
        throw new IllegalStateException("only looking");
      });
    } catch (IllegalStateException looked) {
      found.add(looked.getMessage());
    }
    return found;
  }
}
