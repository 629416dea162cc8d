package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Claims that begin where the last one ended: what they spare, and that they miss nothing. */
class PositionHintTest {

  private final PostgresHarness harness = new PostgresHarness();
  private final Samples samples = Samples.seeded();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Steps steps = new Steps(storage, samples);

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void claims_stay_as_cheap_while_somebody_holds_an_old_snapshot() throws SQLException {
    for (int filled = 0; filled < 6_000; filled += 1_000) {
      steps.submit(1_000);
    }
    SessionId session = steps.open("a");
    try (Connection old = harness.database().connect()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      old.createStatement().execute("SELECT 1 FROM pg_class LIMIT 1");

      long early = entriesRead(() -> claimAndComplete(session, 10));
      claimAndComplete(session, 80);
      long late = entriesRead(() -> claimAndComplete(session, 10));

      // From the head each of the last ten would read 4,500 dead entries and more.
      assertThat(late).isLessThan(early + 10 * 4_500 / 2);
    }
  }

  @Test
  void a_task_of_a_higher_priority_is_next_although_claims_are_further_on() {
    steps.submit(30);
    SessionId session = steps.open("a");
    steps.claim(session, 10);

    TaskId urgent = steps.submit(samples.task().withPriority(0)).id();

    assertThat(steps.claim(session, 10).getFirst().run().task()).isEqualTo(urgent);
  }

  @Test
  void a_task_that_was_given_back_is_next_although_claims_are_further_on() {
    steps.submit(30);
    SessionId session = steps.open("a");
    List<Held> first = steps.claim(session, 10);
    steps.claim(session, 10);

    steps.release(first.getFirst());

    assertThat(steps.claim(session, 5).getFirst().run().task())
        .isEqualTo(first.getFirst().run().task());
  }

  @Test
  void what_another_node_put_before_the_position_is_found_when_nothing_else_is_left() {
    steps.submit(20);
    SessionId session = steps.open("a");
    steps.claim(session, 20);
    try (PostgresStorage other = PostgresStorage.open(harness.settings())) {
      TaskDefinition urgent = new Steps(other, samples).submit(samples.task().withPriority(0));

      assertThat(steps.claim(session, 20))
          .extracting(held -> held.run().task())
          .containsExactly(urgent.id());
    }
  }

  private void claimAndComplete(SessionId session, int times) {
    for (int time = 0; time < times; time++) {
      assertThat(steps.complete(steps.claim(session, 50))).hasSize(50);
    }
  }

  private long entriesRead(Runnable work) throws SQLException {
    long before = entriesRead();
    work.run();
    return entriesRead() - before;
  }

  private long entriesRead() throws SQLException {
    return Long.parseLong(harness.counters("""
        SELECT idx_tup_read FROM pg_stat_user_indexes
         WHERE schemaname = current_schema() AND indexrelname = 'ready_pkey'
        """).getFirst());
  }
}
