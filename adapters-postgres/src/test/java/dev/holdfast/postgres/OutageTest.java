package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Sessions.Opening.Refused;
import dev.holdfast.domain.port.node.Sessions.Pulse.Alive;
import dev.holdfast.domain.port.node.Sessions.Pulse.Over;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that break, and who holds the schema then. */
class OutageTest {

  private static final NodeLoad LOAD = new NodeLoad(1, false);

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Samples samples = Samples.seeded();
  private final Steps steps = new Steps(storage, samples);

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void every_call_works_again_after_all_connections_were_terminated() {
    SessionId session = exclusive(storage, "a");
    List<TaskId> tasks = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      terminateAll();
      tasks.add(steps.submit().id());
      terminateAll();
      assertThat(storage.tasks().find(tasks.getLast())).isPresent();
      assertThat(storage.sessions().beat(session, LOAD, null)).isInstanceOf(Alive.class);
      terminateAll();
      assertThat(steps.complete(steps.claimOne(session))).isTrue();
    }
    assertThat(storage.tasks().states(tasks)).hasSize(10);
  }

  @Test
  void a_connection_that_is_lost_in_the_middle_leaves_nothing_and_the_work_is_run_again() {
    var task = samples.task();
    List<TaskId> tried = new ArrayList<>();

    TaskId kept = storage.transact(tx -> {
      var birth = samples.birth(task, tx.now());
      tx.submissions().create(List.of(birth));
      tried.add(birth.definition().id());
      if (tried.size() == 1) {
        terminateAll();
        tx.now();
      }
      return birth.definition().id();
    });

    assertThat(tried).hasSize(2);
    assertThat(storage.tasks().find(tried.getFirst())).isEmpty();
    assertThat(storage.tasks().find(kept)).isPresent();
  }

  @Test
  void a_commit_whose_answer_is_lost_is_unavailable_and_not_run_again() {
    List<TaskId> tried = new ArrayList<>();

    assertThatThrownBy(() -> storage.transact(tx -> {
          var birth = samples.birth(samples.task(), tx.now());
          tx.submissions().create(List.of(birth));
          tried.add(birth.definition().id());
          terminateAll();
          return true;
        }))
        .isInstanceOf(StorageUnavailable.class);

    assertThat(tried).hasSize(1);
  }

  @Test
  void the_exclusive_lock_is_taken_again_with_the_next_beat() {
    SessionId session = exclusive(storage, "a");
    terminateAll();

    assertThat(storage.sessions().beat(session, LOAD, null)).isInstanceOf(Alive.class);

    try (PostgresStorage other = PostgresStorage.open(harness.settings())) {
      assertThat(other.sessions().open(samples.exclusive("b"))).isInstanceOf(Refused.class);
    }
  }

  @Test
  void an_exclusive_session_is_over_once_another_process_has_the_schema() {
    SessionId session = exclusive(storage, "a");
    terminateAll();
    try (PostgresStorage other = PostgresStorage.open(harness.settings())) {
      exclusive(other, "b");

      assertThat(storage.sessions().beat(session, LOAD, null)).isEqualTo(new Over());
    }
  }

  @Test
  void a_second_exclusive_process_is_refused_with_the_holders_name_and_begins_once_it_is_gone() {
    exclusive(storage, "first");
    try (PostgresStorage other = PostgresStorage.open(harness.settings())) {
      Refused refused = (Refused) other.sessions().open(samples.exclusive("second"));
      assertThat(refused.holder()).startsWith("node first since 20");
      assertThat(other.sessions().open(samples.node("third"))).isInstanceOf(Refused.class);
      assertThat(other.sessions().open(samples.exclusive("first"))).isInstanceOf(Refused.class);

      storage.close();
      exclusive(other, "second");
    }
  }

  @Test
  void a_node_that_gives_up_its_exclusive_hold_lets_others_in() {
    exclusive(storage, "a");
    assertThat(storage.sessions().open(samples.node("a"))).isInstanceOf(Opened.class);

    try (PostgresStorage other = PostgresStorage.open(harness.settings())) {
      assertThat(other.sessions().open(samples.node("b"))).isInstanceOf(Opened.class);
      exclusive(other, "c");
    }
  }

  private SessionId exclusive(PostgresStorage one, String node) {
    return ((Opened) one.sessions().open(samples.exclusive(node))).session();
  }

  private void terminateAll() {
    harness.database().execute("""
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE application_name = 'holdfast' AND datname = current_database()
            """);
  }
}
