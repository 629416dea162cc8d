package dev.holdfast.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.cli.base.ExitCodes;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

  private static final String[] ALL = {
    "bench", "--tasks", "400", "--threads", "4", "--rate", "100", "--seconds", "1", "-o", "ndjson"
  };

  @TempDir
  Path folder;

  @Test
  void bench_measures_a_file_and_leaves_nothing_behind() {
    Path file = folder.resolve("not").resolve("there").resolve("real.duckdb");
    var outcome = new CliRunner(Map.of("HOLDFAST_DUCKDB_FILE", file.toString())).run(ALL);

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<Document> results = results(outcome.out());
    assertThat(results)
        .extracting(result -> result.textOrEmpty("scenario"))
        .containsExactly("enqueue", "drain", "latency");
    assertThat(results)
        .extracting(result -> number(result, "tasks"))
        .containsExactly(400.0, 400.0, 100.0);
    assertThat(results).allMatch(result -> number(result, "perSecond") > 0);
    assertThat(results).allMatch(result -> result.get("statementsPerTask") == null);
    assertThat(number(results.get(2), "p50Millis"))
        .isPositive()
        .isLessThanOrEqualTo(number(results.get(2), "p99Millis"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void bench_tells_what_a_task_costs_the_server() {
    TestDatabase database = TestPostgres.newSchema();
    var outcome = new CliRunner(Map.of(
            "HOLDFAST_STORAGE", "postgres",
            "HOLDFAST_POSTGRES_URL", database.url(),
            "HOLDFAST_POSTGRES_USER", database.user(),
            "HOLDFAST_POSTGRES_PASSWORD", database.password()))
        .run("bench", "drain", "--tasks", "400");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("PostgreSQL", "SCENARIO", "drain", "WAL BYTES", "tasks/s over the time", "####");
  }

  @Test
  void bench_refuses_what_is_out_of_range() {
    var outcome = new CliRunner(Map.of()).run("bench", "drain", "--tasks", "7");

    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("--tasks must be 100 to 10000000, got 7");
  }

  private static List<Document> results(String out) {
    var mapper = new JacksonJsonMapper();
    return out.lines().map(line -> Document.parse(mapper, line)).toList();
  }

  private static double number(Document result, String name) {
    return ((Number) Objects.requireNonNull(result.get(name))).doubleValue();
  }
}
