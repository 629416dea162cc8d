package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Sessions.Pulse.Alive;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.postgres.DurableServer;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What needs a server of its own: restarts, and commits that wait for a standby. */
class DurableServerTest {

  private static final DurableServer SERVER = TestPostgres.newDurableServer();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static PostgresStorage open(String schema) {
    TestDatabase database = SERVER.schema(schema);
    return PostgresStorage.open(PostgresSettings.of(database.url(), database.user(), "")
        .inSchema(schema)
        .withPatience(Duration.ofSeconds(6)));
  }

  @Test
  void storage_works_on_after_a_restart_of_the_server() {
    try (PostgresStorage storage = open("restart")) {
      Steps steps = new Steps(storage, Samples.seeded());
      Opened session = (Opened) storage.sessions().open(Samples.seeded().exclusive("a"));
      TaskId task = steps.submit().id();
      var held = steps.claimOne(session.session());

      SERVER.stop();
      assertThatThrownBy(steps::submit).isInstanceOf(StorageUnavailable.class);
      assertThatThrownBy(
              () -> storage.sessions().beat(session.session(), new NodeLoad(1, false), null))
          .isInstanceOf(StorageUnavailable.class);
      assertThatThrownBy(() -> storage.tasks().find(task)).isInstanceOf(StorageUnavailable.class);
      SERVER.startAgain();

      assertThat(storage.sessions().beat(session.session(), new NodeLoad(1, false), null))
          .isInstanceOf(Alive.class);
      assertThat(steps.complete(held)).isTrue();
      assertThat(storage.tasks().find(task).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
      assertThat(storage.events().page(storage.events().start(), 100).entries()).hasSize(4);
    }
  }

  @Test
  void a_commit_whose_wait_for_a_standby_was_cut_short_is_unavailable() throws Exception {
    TestDatabase database = SERVER.schema("standby");
    try (PostgresStorage storage = open("standby")) {
      Steps steps = new Steps(storage, Samples.seeded());
      steps.submit();
      database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      database.execute("SELECT pg_reload_conf()");
      try {
        var submitted = CompletableFuture.runAsync(() -> submitUntilRefused(steps));
        cancelWaiting(database, submitted);

        assertThatThrownBy(submitted::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(StorageUnavailable.class)
            .hasMessageContaining("synchronous replication");
      } finally {
        database.execute("ALTER SYSTEM RESET synchronous_standby_names");
        database.execute("SELECT pg_reload_conf()");
      }
      steps.submit();
    }
  }

  /** The server takes up a setting some time after it was told to: only then a commit waits. */
  private static void submitUntilRefused(Steps steps) {
    while (true) {
      steps.submit();
    }
  }

  /** Cuts the wait of the one backend that waits for a standby, as soon as there is one. */
  private static void cancelWaiting(TestDatabase database, Future<?> submitted) throws Exception {
    try (Connection connection = database.connect()) {
      boolean cancelled = false;
      while (!cancelled && !submitted.isDone()) {
        try (ResultSet rows = connection.createStatement().executeQuery("""
            SELECT coalesce(bool_or(pg_cancel_backend(pid)), false) FROM pg_stat_activity
             WHERE wait_event = 'SyncRep' AND application_name = 'holdfast'
            """)) {
          cancelled = rows.next() && rows.getBoolean(1);
        }
      }
    }
  }
}
