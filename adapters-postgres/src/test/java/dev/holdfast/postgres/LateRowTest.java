package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A completion that waited must not end a run to which a younger transaction has added meanwhile:
 * the stream of events is ordered by the numbers of transactions, and would tell the end first.
 */
class LateRowTest {

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Steps steps = new Steps(storage, Samples.seeded());

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void a_completion_leaves_a_run_to_a_transaction_that_a_younger_one_has_written()
      throws Exception {
    steps.submit(3);
    List<Held> held = steps.claim(steps.open("a"), 3);
    CompletableFuture<Set<RunKey>> completion;
    try (Connection other = harness.connect()) {
      other.setAutoCommit(false);
      lock(other, held.get(1));
      // It takes the first, which gives it a number, and waits for the second.
      completion = CompletableFuture.supplyAsync(() -> complete(held));
      harness.awaitWaiter("DELETE FROM held h USING i");
      steps.progress(held.get(2), 50);
      other.rollback();
    }

    assertThat(completion.get(30, TimeUnit.SECONDS))
        .containsExactlyInAnyOrder(key(held.get(0)), key(held.get(1)));
    assertThat(steps.complete(held)).containsExactly(key(held.get(2)));
    assertThat(versionsInTheStream(held.get(2).run().task())).isSorted().hasSize(5);
  }

  private static RunKey key(Held held) {
    return held.run().key();
  }

  private Set<RunKey> complete(List<Held> held) {
    var outcome = Steps.completed("1", storage.transact(StorageTx::now));
    return storage.atOnce(tx -> tx.runs()
        .complete(held.stream()
            .map(one -> new Completion(key(one), QueueName.DEFAULT, outcome))
            .toList()));
  }

  private static void lock(Connection connection, Held held) throws SQLException {
    try (var statement =
        connection.prepareStatement("SELECT FROM held WHERE task = ? FOR UPDATE")) {
      statement.setObject(1, held.run().task().value());
      statement.execute();
    }
  }

  private List<Integer> versionsInTheStream(TaskId task) {
    return storage.events().page(storage.events().start(), 1000).entries().stream()
        .map(entry -> entry.event())
        .filter(event -> event.task().equals(task))
        .map(TaskEvent::version)
        .toList();
  }
}
