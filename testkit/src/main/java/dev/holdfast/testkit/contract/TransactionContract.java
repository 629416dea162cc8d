package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Transactions: all or nothing, isolated, by the storage's clock. */
public abstract class TransactionContract extends StorageContract {

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void failAfter(Consumer<StorageTx> work) {
    Boom boom = new Boom();
    assertThatThrownBy(() -> transact(tx -> {
          work.accept(tx);
          throw boom;
        }))
        .isSameAs(boom);
  }

  @Test
  void transact_answersWhatItsWorkAnswers() {
    assertThat(storage().<String>transact(tx -> "answer")).isEqualTo("answer");
  }

  @Test
  void transact_makesAllOfItsWritesVisible() {
    var tasks = steps().submit(3);

    assertThat(storage().tasks().states(tasks.stream().map(TaskDefinition::id).toList()))
        .hasSize(3)
        .allSatisfy((task, state) -> assertThat(state).isEqualTo(TaskState.PENDING));
  }

  @Test
  void transact_keepsNoTaskWhenItsWorkThrows() {
    failAfter(tx -> tx.submissions().create(List.of(samples().birth(samples().task(), tx.now()))));

    assertThat(storage().tasks().list(TaskFilter.ALL, 10)).isEmpty();
    assertThat(steps().claim(steps().open("a"), 10)).isEmpty();
    assertThat(storage().events().page(storage().events().start(), 10).entries())
        .isEmpty();
  }

  @Test
  void transact_keepsNoKeyWhenItsWorkThrows() {
    KeyOwner owner = new KeyOwner(Namespace.DEFAULT, "key", samples().taskId(), "print");
    failAfter(tx -> tx.submissions().takeKeys(List.of(owner)));

    assertThat(storage().<List<KeyOwner>>transact(tx -> tx.submissions().takeKeys(List.of(owner))))
        .isEmpty();
  }

  @Test
  void transact_takesMovesBackWhenItsWorkThrows() {
    TaskDefinition first = steps().submit();
    TaskDefinition second = steps().submit();
    failAfter(tx -> {
      assertThat(tx.places().takeWaiting(Steps.ids(second, first))).hasSize(2);
      tx.places().expireAt(Map.of(first.id(), tx.now()));
    });

    assertThat(Steps.tasks(steps().claim(steps().open("a"), 10)))
        .isEqualTo(Steps.ids(first, second));
    assertThat(storage().<List<?>>transact(tx -> tx.places().takeExpired(10))).isEmpty();
  }

  @Test
  void transact_takesAClaimBackWhenItsWorkThrows() {
    TaskDefinition task = steps().submit();
    SessionId session = steps().open("a");
    var lanes = storage().tasks().lanesAfter(0);
    failAfter(tx -> tx.runs().claim(new ClaimRequest(session, 1, lanes, 1)));

    assertThat(storage().tasks().find(task.id()).orElseThrow().state())
        .isEqualTo(TaskState.PENDING);
    Held held = steps().claimOne(session);
    assertThat(held.run().key().number()).isEqualTo(1);
    assertThat(storage().events().ofTask(task.id(), 0, 10)).hasSize(2);
  }

  @Test
  void transact_takesACompletionBackWhenItsWorkThrows() {
    TaskDefinition task = steps().submit();
    Held held = steps().claimOne(steps().open("a"));
    failAfter(tx -> {
      var outcome = Steps.completed("1", tx.now());
      var done = new Completion(held.run().key(), QueueName.DEFAULT, outcome);
      assertThat(tx.runs().complete(List.of(done))).hasSize(1);
    });

    assertThat(storage().tasks().find(task.id()).orElseThrow().state())
        .isEqualTo(TaskState.CLAIMED);
    assertThat(steps().complete(held)).isTrue();
  }

  @Test
  void transact_takesMarksAndEdgesBackWhenItsWorkThrows() {
    TaskDefinition task = steps().submit();
    Deferred deferred = new Deferred(task.id(), null);
    failAfter(tx -> {
      tx.places().mark(Steps.ids(task), Marks.WAKE);
      tx.dependencies().defer(List.of(deferred));
    });

    transact(tx -> {
      assertThat(tx.places().takeWaiting(Steps.ids(task)))
          .singleElement()
          .satisfies(place -> assertThat(place.run().marks()).isEqualTo(Marks.NONE));
      assertThat(tx.dependencies().takeDeferred(10)).isEmpty();
    });
  }

  @Test
  void transact_worksAgainAfterOneThatThrew() {
    failAfter(tx -> {});

    assertThat(storage().tasks().find(steps().submit().id())).isPresent();
  }

  @Test
  void transact_showsOthersAllOfItsWritesOrNone() {
    Instant now = now();
    Birth first = samples().birth(samples().task(), now);
    Birth second = samples().birth(samples().task(), now);
    var ids = Steps.ids(first.definition(), second.definition());

    var seen = new Duel(storage())
        .between(
            tx -> create(tx, first),
            () -> storage().tasks().states(ids).size(),
            tx -> create(tx, second));

    assertThat(seen.second()).isIn(0, 2);
    assertThat(storage().tasks().states(ids)).hasSize(2);
  }

  private static boolean create(StorageTx tx, Birth birth) {
    tx.submissions().create(List.of(birth));
    return true;
  }

  @Test
  void transact_showsItselfWhatItWrote() {
    transact(tx -> {
      Birth birth = samples().birth(samples().task(), tx.now());
      tx.submissions().create(List.of(birth));
      var ids = Steps.ids(birth.definition());
      assertThat(tx.facts().definitions(ids)).containsValue(birth.definition());
      assertThat(tx.places().takeWaiting(ids)).containsExactly(birth.place());
      assertThat(tx.places().takeWaiting(ids)).isEmpty();
    });
  }

  @Test
  void transact_takesEmptyCollections() {
    transact(tx -> {
      assertThat(tx.submissions().takeKeys(List.of())).isEmpty();
      tx.submissions().releaseKeys(List.of());
      tx.submissions().create(List.of());
      tx.places().put(List.of());
      assertThat(tx.places().takeWaiting(List.of())).isEmpty();
      assertThat(tx.places().mark(List.of(), Marks.WAKE)).isEmpty();
      tx.places().expireAt(Map.of());
      assertThat(tx.runs().complete(List.of())).isEmpty();
      assertThat(tx.runs().take(List.of())).isEmpty();
      assertThat(tx.runs().lock(List.of())).isEmpty();
      tx.runs().replace(List.of());
    });
    transact(tx -> {
      tx.facts().end(List.of());
      assertThat(tx.facts().note(List.of())).isEmpty();
      assertThat(tx.facts().lastEnds(List.of())).isEmpty();
      assertThat(tx.facts().ends(List.of())).isEmpty();
      assertThat(tx.facts().definitions(List.of())).isEmpty();
      tx.facts().count(List.of());
      tx.dependencies().link(List.of());
      assertThat(tx.dependencies().downstream(List.of(), null, 1)).isEmpty();
      assertThat(tx.dependencies().upstream(List.of())).isEmpty();
      assertThat(tx.dependencies().satisfy(Map.of())).isEmpty();
      tx.dependencies().defer(List.of());
    });
  }

  @Test
  void now_hasMicrosecondPrecision() {
    advance(Duration.ofNanos(1_234_567));

    Instant now = now();

    assertThat(now).isEqualTo(now.truncatedTo(ChronoUnit.MICROS));
  }

  @Test
  void now_followsTheClock() {
    Instant before = now();
    advance(Duration.ofHours(2));

    Instant after = now();

    assertThat(Duration.between(before, after)).isBetween(Duration.ofHours(2), Duration.ofHours(3));
  }

  @Test
  void reopen_keepsWhatWasCommitted() {
    requires(Capability.DURABLE);
    TaskDefinition waiting = steps().submit();
    TaskDefinition done = steps().submit(samples().task().withPriority(0));
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    EventPosition start = storage().events().start();
    harness().reopen();

    assertThat(storage().tasks().states(Steps.ids(waiting, done)))
        .containsEntry(waiting.id(), TaskState.PENDING)
        .containsEntry(done.id(), TaskState.COMPLETED);
    assertThat(storage().events().isKept(start)).isTrue();
    assertThat(storage().events().page(start, 100).entries()).hasSize(5);
  }

  @Test
  void close_isIdempotent() {
    storage().close();

    storage().close();
  }
}
