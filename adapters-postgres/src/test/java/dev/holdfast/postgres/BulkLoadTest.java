package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.node.Signals.Signal;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches whose tasks are alike, which are stored by one statement, and those that are large enough
 * for {@code COPY}: stored as others are, and as safely.
 */
class BulkLoadTest {

  private static final int LARGE = 300;

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Samples samples = Samples.seeded();
  private final Instant now = storage.transact(tx -> tx.now());

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void create_stores_every_member_of_a_large_batch() {
    List<Birth> births = new ArrayList<>();
    for (int i = 0; i < LARGE; i++) {
      births.add(birth(full(i)));
    }
    storage.atOnce(tx -> create(tx.submissions(), births));

    for (Birth birth : List.of(births.getFirst(), births.get(1), births.getLast())) {
      var view = storage.tasks().find(birth.definition().id()).orElseThrow();
      assertThat(view.definition()).isEqualTo(birth.definition());
      assertThat(view.payload()).isEqualTo(birth.payload());
    }
    assertThat(
            storage.tasks().find(births.get(0).definition().id()).orElseThrow().state())
        .isEqualTo(TaskState.PENDING);
    assertThat(
            storage.tasks().find(births.get(1).definition().id()).orElseThrow().state())
        .isEqualTo(TaskState.SCHEDULED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void create_of_what_exists_already_adds_the_rest(int kinds) {
    List<Birth> births = plain(kinds);
    storage.transact(tx -> create(tx.submissions(), births.subList(0, 3)));

    storage.atOnce(tx -> create(tx.submissions(), births));
    storage.transact(tx -> create(tx.submissions(), births));

    assertThat(storage.tasks().states(ids(births))).hasSize(LARGE);
    Steps steps = new Steps(storage, samples);
    assertThat(steps.claim(steps.open("a"), 500)).hasSize(LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void create_that_is_refused_leaves_nothing_of_the_batch(int kinds) {
    List<Birth> births = plain(kinds);
    births.set(LARGE - 1, birth(births.getLast().definition(), new Json("\u0000")));

    assertThatThrownBy(() -> storage.atOnce(tx -> create(tx.submissions(), births)))
        .isInstanceOf(StorageRejected.class);

    assertThat(storage.tasks().states(ids(births))).isEmpty();
    storage.atOnce(tx -> create(tx.submissions(), births.subList(0, LARGE - 1)));
    assertThat(storage.tasks().states(ids(births))).hasSize(LARGE - 1);
  }

  @Test
  void create_stores_what_differs_as_it_is_though_nearly_all_are_alike() {
    List<Birth> births = plain(1).subList(0, 20);
    births.set(7, birth(full(1)));
    storage.atOnce(tx -> create(tx.submissions(), births));

    for (Birth birth : births) {
      var view = storage.tasks().find(birth.definition().id()).orElseThrow();
      assertThat(view.definition()).isEqualTo(birth.definition());
    }
  }

  @Test
  void createAndTell_tells_the_other_nodes_with_its_commit() throws InterruptedException {
    BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
    harness.another().coordination().signals().listen(heard::add);
    // Whoever begins to listen looks for everything once.
    for (Signal ignored : Signal.values()) {
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
    }
    List<Birth> births = plain(1);

    assertThat(storage.<Boolean>atOnce(tx -> tx.submissions().createAndTell(births)))
        .isTrue();
    assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(Signal.WORK);
    // Again, as after an answer that was lost: what is there stays, and telling is the caller's.
    assertThat(storage.<Boolean>atOnce(tx -> tx.submissions().createAndTell(births)))
        .isFalse();
    assertThat(storage.tasks().states(ids(births))).hasSize(LARGE);
  }

  @Test
  void createAndTell_leaves_the_hint_to_the_caller_where_it_would_take_a_statement_more() {
    assertThat(storage.<Boolean>transact(tx -> tx.submissions().createAndTell(plain(1))))
        .isFalse();
    assertThat(storage.<Boolean>atOnce(tx -> tx.submissions().createAndTell(plain(2))))
        .isFalse();
    assertThat(storage.<Boolean>atOnce(tx -> tx.submissions().createAndTell(List.of())))
        .isFalse();
  }

  private static boolean create(Submissions submissions, List<Birth> births) {
    submissions.create(births);
    return true;
  }

  /** Of so many priorities. */
  private List<Birth> plain(int kinds) {
    List<Birth> births = new ArrayList<>();
    for (int i = 0; i < LARGE; i++) {
      births.add(
          birth(definition(3 + i % kinds, RunPolicy.DEFAULT, TaskDefinition.Identity.NONE, null)));
    }
    return births;
  }

  private TaskDefinition full(int i) {
    RunPolicy policy = new RunPolicy(
        7,
        new RetryPolicy(
            BackoffStrategy.FIXED,
            Duration.ofMillis(20),
            Duration.ofSeconds(9),
            0.5,
            List.of("a \"b\"", "ü,{}")),
        Duration.ofSeconds(30),
        Duration.ofHours(3),
        WorkerLoss.FAIL);
    var identity = new TaskDefinition.Identity(
        "key-" + i, samples.taskId(), "ref-" + i, List.of("one", "zwei 🙂"));
    return definition(3, policy, identity, i % 2 == 0 ? null : now.plusSeconds(3600 + i));
  }

  private TaskDefinition definition(
      int priority, RunPolicy policy, TaskDefinition.Identity identity, Instant dueAt) {
    var some = samples.task().inQueue("bulk");
    return new TaskDefinition(
        samples.taskId(),
        some.address(),
        priority,
        policy,
        some.constraints(),
        identity,
        now,
        dueAt);
  }

  private static Birth birth(TaskDefinition definition) {
    return birth(definition, new Json("{\"n\":1,\"s\":\"ß\"}"));
  }

  private static Birth birth(TaskDefinition definition, Json payload) {
    return new Birth(definition, payload, Lifecycle.born(definition, 0, Marks.NONE));
  }

  private static List<TaskId> ids(List<Birth> births) {
    return births.stream().map(birth -> birth.definition().id()).toList();
  }
}
