package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.SchemaMigrations.Step;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresMigrationsTest {

  private final TestDatabase database = TestPostgres.newSchema();
  private final PostgresSettings settings = PostgresSettings.of(
          database.url(), database.user(), database.password())
      .inSchema(database.schema());
  private final PostgresMigrations migrations = new PostgresMigrations(settings);

  @AfterEach
  void dropSchema() {
    database.close();
  }

  @Test
  void up_brings_an_empty_database_to_the_newest_version_once() {
    assertThat(migrations.status()).extracting(Step::applied).containsOnly(false);

    List<Step> applied = migrations.up();

    assertThat(applied).isEqualTo(migrations.status()).extracting(Step::applied).containsOnly(true);
    assertThat(applied.getFirst()).isEqualTo(new Step(1, "tasks", true));
    assertThat(migrations.up()).isEmpty();
    assertThat(migrations.print()).isEmpty();
  }

  @Test
  void down_leaves_nothing_but_the_history() {
    migrations.up();
    int versions = migrations.status().size();

    assertThat(migrations.down(versions)).hasSize(versions);

    assertThat(migrations.status()).extracting(Step::applied).containsOnly(false);
    assertThat(objects()).containsExactly("schema_history");
  }

  @Test
  void down_and_up_again_work_on_a_filled_database() {
    fill();

    migrations.down(migrations.status().size());
    migrations.up();

    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      assertThat(storage.tasks().stats().queues()).isEmpty();
    }
    fill();
  }

  @Test
  void up_leaves_the_data_of_a_current_schema_alone() {
    TaskId task = fill();

    migrations.up();

    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      assertThat(storage.tasks().find(task).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
    }
  }

  @Test
  void partitions_keep_what_was_there_before_them_and_so_does_the_way_back() {
    TaskId future = fill();
    database.execute("""
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, created_at, payload)
        SELECT first_id(clock() - interval '1 day'), lane, 5, 1, 1, 256, clock(), '{}' FROM task;
        INSERT INTO run_end(task, run, kind, final, attempt, v, ended_at)
        SELECT id, 1, 5, true, 1, 2, clock() FROM task WHERE id < first_id(clock())
        """);
    TaskId past = tasks().getLast();
    assertThat(past).isLessThan(future);

    migrations.down(2);
    migrations.up();

    assertThat(tasks()).containsExactly(future, past);
    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      assertThat(storage.tasks().find(future).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
      assertThat(storage.tasks().find(past).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
      assertThat(storage.events().ofTask(future, 0, 10)).hasSize(4);
      assertThat(storage.events().page(storage.events().start(), 10).entries()).hasSize(6);
    }
  }

  private List<TaskId> tasks() {
    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      return storage.tasks().list(TaskFilter.ALL, 10).stream()
          .map(task -> task.definition().id())
          .toList();
    }
  }

  @Test
  void down_refuses_more_steps_than_are_applied() {
    migrations.up();

    assertThatThrownBy(() -> migrations.down(99)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> migrations.down(-1)).isInstanceOf(IllegalArgumentException.class);

    assertThat(migrations.status()).extracting(Step::applied).containsOnly(true);
  }

  @Test
  void print_gives_statements_that_do_what_up_does() {
    database.execute(migrations.print());

    assertThat(migrations.status()).extracting(Step::applied).containsOnly(true);
    assertThat(migrations.up()).isEmpty();
    fill();
    migrations.down(migrations.status().size());
    assertThat(objects()).containsExactly("schema_history");
  }

  @Test
  void up_by_many_at_once_applies_each_version_once() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<List<Step>> up = () -> new PostgresMigrations(settings).up();
      for (var done : pool.invokeAll(List.of(up, up, up))) {
        done.get();
      }
    }

    assertThat(migrations.status()).extracting(Step::applied).containsOnly(true);
  }

  @Test
  void open_refuses_a_schema_that_is_newer_than_the_program() {
    migrations.up();
    database.execute("""
        INSERT INTO schema_history(installed_rank, version, description, type, script, checksum,
               installed_by, execution_time, success)
        VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 0, true)
        """);

    assertThatThrownBy(() -> PostgresStorage.open(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 99")
        .hasMessageContaining("use a newer program");
    assertThatThrownBy(migrations::up).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> migrations.down(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void open_refuses_a_schema_that_another_script_made() {
    migrations.up();
    database.execute("UPDATE schema_history SET checksum = 1 WHERE version = '1'");

    assertThatThrownBy(() -> PostgresStorage.open(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another script")
        .hasMessageContaining("V1__tasks.sql");
  }

  @Test
  void up_says_what_is_missing_to_a_user_who_may_not() {
    String user = database.schema() + "_user";
    database.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'pw'");
    try {
      PostgresMigrations others = new PostgresMigrations(
          PostgresSettings.of(database.url(), user, "pw").inSchema(database.schema()));

      assertThatThrownBy(others::up)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("may not create the schema " + database.schema())
          .hasMessageContaining("CREATE SCHEMA " + database.schema() + " AUTHORIZATION");

      database.execute("CREATE SCHEMA " + database.schema());
      assertThatThrownBy(others::up)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("may not create tables in the schema")
          .hasMessageContaining("GRANT USAGE, CREATE");

      database.execute("GRANT USAGE, CREATE ON SCHEMA " + database.schema() + " TO " + user);
      assertThat(others.up()).isNotEmpty();
    } finally {
      database.execute("DROP OWNED BY " + user + "; DROP ROLE " + user);
    }
  }

  @Test
  void open_without_a_server_is_unavailable() {
    PostgresSettings nowhere = PostgresSettings.of("jdbc:postgresql://127.0.0.1:1/x", "x", "x")
        .withPatience(Duration.ofMillis(250));

    assertThatThrownBy(() -> PostgresStorage.open(nowhere)).isInstanceOf(StorageUnavailable.class);
  }

  /** Submits a task and completes it. */
  private TaskId fill() {
    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      Steps steps = new Steps(storage, Samples.seeded());
      TaskId task = steps.submit().id();
      assertThat(steps.complete(steps.claimOne(steps.open("a")))).isTrue();
      return task;
    }
  }

  /** Every table, view and function of the schema. */
  private List<String> objects() {
    String sql = """
        SELECT array_agg(name ORDER BY name) FROM (
          SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'v', 'S')
             AND relnamespace = '%1$s'::regnamespace
          UNION SELECT proname FROM pg_proc WHERE pronamespace = '%1$s'::regnamespace) o
        """.formatted(database.schema());
    try (Connection connection = database.connect();
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return List.of((String[]) rows.getArray(1).getArray());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
