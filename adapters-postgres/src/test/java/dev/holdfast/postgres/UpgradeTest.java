package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.postgres.schema.Script;
import dev.holdfast.testkit.harness.Commands;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * That a node goes on while another one, of the next version, moves the schema on: its connections
 * have statements prepared on the server, and columns and tables come to what these name.
 */
class UpgradeTest {

  /** More than the driver waits for before it lets the server prepare a statement. */
  private static final int ROUNDS = 12;

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Samples samples = Samples.seeded();
  private final Steps steps = new Steps(storage, samples);
  private final Commands commands = new Commands(storage, samples);

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void new_columns_everywhere_stop_no_node() {
    rounds(ROUNDS, true);

    harness.database().execute(COLUMNS);

    rounds(ROUNDS, true);
  }

  private static final String COLUMNS = """
      DO $$
      DECLARE
        r record;
      BEGIN
        FOR r IN SELECT relname, relkind FROM pg_class
                  WHERE relnamespace = CAST(current_schema() AS regnamespace)
                    AND relkind IN ('r', 'p', 'v') AND NOT relispartition
                    AND relname <> 'schema_history' LOOP
          IF r.relkind <> 'v' THEN
            EXECUTE format('ALTER TABLE %I ADD COLUMN later text DEFAULT ''x''', r.relname);
          ELSE
            EXECUTE format(
              'CREATE OR REPLACE VIEW %1$I AS SELECT v.*, ''x'' AS later FROM (%2$s) v',
              r.relname, rtrim(pg_get_viewdef(CAST(r.relname AS regclass)), ';'));
          END IF;
        END LOOP;
      END $$
      """;

  @Test
  void the_newest_version_of_the_schema_comes_while_a_node_works() throws Exception {
    // Back to before the partitions; but this program knows the columns of version 5.
    PostgresMigrations migrations = new PostgresMigrations(harness.settings());
    migrations.down(2);
    harness.database().execute(Script.ALL.get(4).up());
    rounds(ROUNDS, false);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger during = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var working = threads.submit(() -> {
        while (!done.get()) {
          round(false);
          during.incrementAndGet();
        }
      });
      while (during.get() < 2) {
        Thread.onSpinWait();
      }

      assertThat(migrations.up()).hasSize(2);

      int then = during.get();
      while (during.get() < then + ROUNDS && !working.isDone()) {
        Thread.onSpinWait();
      }
      done.set(true);
      working.get();
    }
    rounds(ROUNDS, true);
  }

  private void rounds(int count, boolean withSteps) {
    for (int i = 0; i < count; i++) {
      round(withSteps);
    }
  }

  /** A bit of everything that a node does. */
  private void round(boolean withSteps) {
    SessionId session = steps.open("a");
    storage.sessions().beat(session, new NodeLoad(8, false), null);
    TaskDefinition upstream =
        steps.submit(samples.task().withKey(samples.taskId().toString()));
    commands.submitAfter(samples.task(), true, Steps.ids(upstream));
    steps.submit(samples.task().due(new Due.After(Duration.ofNanos(1000))));
    steps.submit(3);
    assertThat(steps.promote(10)).isPositive();
    List<Held> held = steps.claim(session, 5);
    assertThat(held).hasSize(5);
    if (withSteps) {
      record(held);
    }
    Held running = steps.progress(held.get(0), 50);
    steps.askCancel(held.get(1), "why");
    assertThat(steps.complete(List.of(running, held.get(1)))).hasSize(2);
    assertThat(steps.fail(held.get(2))).isPresent();
    assertThat(steps.release(held.get(3))).isPresent();
    storage.sessions().end(session);
    assertThat(commands.reap()).isPositive();
    finish();
    read(upstream, withSteps);
  }

  private void record(List<Held> held) {
    Held one = held.getFirst();
    StepResult result =
        new StepResult(one.run().key(), one.lease().session(), "step", new Json("1"));
    for (int i = 0; i < 2; i++) {
      assertThat(storage.transact((StorageTx tx) -> tx.steps().record(List.of(result))))
          .containsKey(one.run().key());
    }
  }

  private void finish() {
    SessionId other = steps.open("b");
    for (List<Held> rest = steps.claim(other, 9); !rest.isEmpty(); rest = steps.claim(other, 9)) {
      assertThat(steps.complete(rest)).isNotEmpty();
    }
    TaskDefinition cancelled = steps.submit();
    assertThat(commands.cancel(cancelled.id())).isTrue();
    assertThat(commands.replay(cancelled.id())).isTrue();
    assertThat(commands.cancel(cancelled.id())).isTrue();
  }

  private void read(TaskDefinition task, boolean withSteps) {
    assertThat(storage.tasks().find(task.id())).isPresent();
    assertThat(storage.tasks().list(TaskFilter.ALL, 3)).hasSize(3);
    assertThat(storage.tasks().upstream(task.id())).isEmpty();
    assertThat(storage.tasks().stats().queues()).isNotEmpty();
    assertThat(storage.events().ofTask(task.id(), 0, 10)).isNotEmpty();
    assertThat(storage.events().page(storage.events().start(), 10).entries()).hasSize(10);
    assertThat(storage.sessions().nodes()).hasSize(2);
    storage.sessions().lost(10);
    storage.upkeep().rollUpCounts();
    if (withSteps) {
      assertThat(storage.transact((StorageTx tx) -> tx.steps().of(task.id()))).isNotNull();
      assertThat(storage.transact((StorageTx tx) -> tx.history()
              .removeEnded(tx.now().minus(Duration.ofDays(1)), null, 10)
              .removed()))
          .isEmpty();
    }
  }
}
