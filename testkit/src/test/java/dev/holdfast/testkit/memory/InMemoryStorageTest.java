package dev.holdfast.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the storage in memory refuses beyond the contract, so that mistakes are seen early. */
final class InMemoryStorageTest {

  private final Storage storage = new InMemoryStorage(new VirtualClock());
  private final Samples samples = Samples.seeded();
  private final Steps steps = new Steps(storage, samples);

  @Test
  void transact_refusesToBeAskedInsideOfItself() {
    assertThatIllegalStateException()
        .isThrownBy(() -> storage.transact(tx -> storage.tasks().stats()));
    assertThatIllegalStateException()
        .isThrownBy(() -> storage.transact(tx -> storage.transact(StorageTx::now)));

    assertThat(storage.tasks().stats().queues()).isEmpty();
  }

  @Test
  void transaction_isOfNoUseOnceItIsOver() {
    AtomicReference<StorageTx> leaked = new AtomicReference<>();
    storage.transact(tx -> {
      leaked.set(tx);
      return true;
    });

    assertThatIllegalStateException().isThrownBy(() -> leaked.get().now());
    assertThatIllegalStateException().isThrownBy(() -> leaked.get().places());
  }

  @Test
  void put_refusesASecondPlace() {
    TaskDefinition task = steps.submit();
    Place place = storage.transact(tx -> {
      Place taken = tx.places().takeWaiting(List.of(task.id())).getFirst();
      tx.places().put(List.of(taken));
      return taken;
    });

    assertThatIllegalStateException()
        .isThrownBy(() -> storage.transact(tx -> {
          tx.places().put(List.of(place));
          return true;
        }));
  }

  @Test
  void put_refusesATaskThatDoesNotExist() {
    TaskDefinition unknown = samples.define(samples.task(), VirtualClock.EPOCH);
    Place place = Lifecycle.born(unknown, 0, Lifecycle.initialMarks(unknown));

    assertThatThrownBy(() -> storage.transact(tx -> {
          tx.places().put(List.of(place));
          return true;
        }))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void end_refusesASecondEndOfARun() {
    steps.submit();
    Held held = steps.claimOne(steps.open("a"));
    assertThat(steps.complete(held)).isTrue();
    var outcome = Steps.completed("1", VirtualClock.EPOCH);
    RunEnd end = Settlement.complete(held, outcome).end();

    assertThatIllegalStateException()
        .isThrownBy(() -> storage.transact(tx -> {
          tx.facts().end(List.of(end));
          return true;
        }));
  }

  @Test
  void end_refusesAVersionThatAnotherEventHas() {
    TaskDefinition task = steps.submit();

    assertThatIllegalStateException()
        .isThrownBy(() -> storage.transact(tx -> {
          Place place = tx.places().takeWaiting(List.of(task.id())).getFirst();
          Place earlier = place.with(place.run().at(0));
          tx.facts().end(List.of(Lifecycle.expire(earlier, tx.now()).end()));
          return true;
        }));
  }

  @Test
  void close_keepsWhatItHas() {
    TaskDefinition task = steps.submit();
    storage.close();

    assertThat(storage.tasks().find(task.id())).isPresent();
  }
}
