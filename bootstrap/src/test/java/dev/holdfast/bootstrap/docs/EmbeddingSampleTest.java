package dev.holdfast.bootstrap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.DuckDbMigrations;
import dev.holdfast.duckdb.DuckDbSettings;
import dev.holdfast.duckdb.DuckDbStorage;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the README run, and the README shows what runs. */
class EmbeddingSampleTest {

  @Test
  void the_embedding_sample_of_the_readme_runs(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("tasks.duckdb");
    // sample: embedding
    var settings = DuckDbSettings.of(file);
    new DuckDbMigrations(settings).up();
    try (var storage = DuckDbStorage.open(settings, InstantSource.system());
        Engine engine = new EngineBuilder(
                storage, new JacksonJsonMapper(), EngineSettings.of(new NodeId("me")))
            .handler("greet", String.class, (name, context) -> "Hello, " + name)
            .start()) {
      TaskId id = engine.tasks().submit(NewTask.of("greet", new Json("\"Ada\"")));
      TaskView done = engine.tasks().await(id, Duration.ofSeconds(10)).orElseThrow();
      assertThat(done.result()).isEqualTo(new Json("\"Hello, Ada\""));
    }
    // end
  }

  @Test
  void the_steps_sample_of_the_readme_runs(@TempDir Path folder) throws Exception {
    var settings = DuckDbSettings.of(folder.resolve("tasks.duckdb"));
    new DuckDbMigrations(settings).up();
    List<String> charged = new ArrayList<>();
    Payments payments = (order, key) -> {
      charged.add(key);
      return "receipt of " + order;
    };
    try (var storage = DuckDbStorage.open(settings, InstantSource.system())) {
      var builder =
          new EngineBuilder(storage, new JacksonJsonMapper(), EngineSettings.of(new NodeId("me")));
      // sample: steps
      builder.handler("order", String.class, (order, context) -> {
        String key = context.task().id() + "/charge";
        String receipt = context.once("charge", String.class, () -> payments.charge(order, key));
        if (context.attempt() == 1) {
          throw new IOException("the mail server is away");
        }
        return receipt;
      });
      // end
      try (Engine engine = builder.start()) {
        TaskId id = engine.tasks().submit(NewTask.of("order", new Json("\"7\"")));
        TaskView done = engine.tasks().await(id, Duration.ofSeconds(20)).orElseThrow();
        assertThat(done.attempt()).isEqualTo(2);
        assertThat(done.result()).isEqualTo(new Json("\"receipt of 7\""));
        assertThat(charged).containsExactly(id + "/charge");
      }
    }
  }

  /** Somebody else's service, which can tell by the key what it has done already. */
  private interface Payments {
    String charge(String order, String key);
  }

  @Test
  void the_transaction_sample_of_the_readme_runs() throws Exception {
    try (TestDatabase database = TestPostgres.newSchema();
        var storage = PostgresStorage.open(settings(database));
        Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Engine engine = new EngineBuilder(
                storage, new JacksonJsonMapper(), EngineSettings.of(new NodeId("me")))
            .handler("greet", String.class, (name, context) -> "Hello, " + name)
            .start()) {
      // sample: transaction
      connection.setAutoCommit(false);
      // … your own statements …
      SubmitAnswer answer = storage.within(
          connection,
          transaction -> engine
              .tasks()
              .submit(transaction, List.of(NewTask.of("greet", new Json("\"Ada\"")))));
      connection.commit();
      // end
      TaskId id = ((SubmitAnswer.Accepted) answer).receipts().get(0).id();
      assertThat(engine.tasks().await(id, Duration.ofSeconds(10)).orElseThrow().state())
          .isEqualTo(TaskState.COMPLETED);
    }
  }

  private static PostgresSettings settings(TestDatabase database) {
    return PostgresSettings.of(database.url(), database.user(), database.password())
        .inSchema(database.schema());
  }

  @Test
  void the_readme_shows_the_samples_that_run() throws IOException {
    String readme = Files.readString(root().resolve("README.md"));

    assertThat(readme).contains("```java\n" + sample("embedding") + "```");
    assertThat(readme).contains("```java\n" + sample("transaction") + "```");
    assertThat(readme).contains("```java\n" + sample("steps") + "```");
  }

  private static String sample(String name) throws IOException {
    List<String> lines = Files.readAllLines(root()
        .resolve("bootstrap/src/test/java/dev/holdfast/bootstrap/docs/EmbeddingSampleTest.java"));
    int begin = indexOf(lines, "// sample: " + name) + 1;
    int end = begin + indexOf(lines.subList(begin, lines.size()), "// end");
    int indent = lines.get(begin - 1).indexOf('/');
    return lines.subList(begin, end).stream()
        .map(line -> line.isBlank() ? "" : line.substring(indent))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static int indexOf(List<String> lines, String marker) {
    return lines.stream().map(String::strip).toList().indexOf(marker);
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("README.md"))) {
      here = here.getParent();
    }
    return here;
  }
}
