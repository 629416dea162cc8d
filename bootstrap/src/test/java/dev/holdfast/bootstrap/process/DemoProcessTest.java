package dev.holdfast.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.handlers.process.Waiting;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo with its embedded database and real processes, which it kills. */
@Timeout(180)
class DemoProcessTest {

  @TempDir
  private Path folder;

  @Test
  void a_demo_on_a_database_that_is_named_ends_by_itself() throws Exception {
    try (TestDatabase database = TestPostgres.newSchema()) {
      var environment = Map.of(
          "HOLDFAST_POSTGRES_URL", database.url(),
          "HOLDFAST_POSTGRES_USER", database.user(),
          "HOLDFAST_POSTGRES_PASSWORD", database.password());
      String[] command = {"demo", "cluster", "--seconds=2", "--nodes=2", "--slots=4"};
      try (HoldfastProcess demo = HoldfastProcess.start(folder, environment, command)) {
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out())
            .contains("2 nodes on " + database.url(), "lost 0, kills 0")
            .containsPattern("submitted (\\d+), completed \\1,");
      }
    }
  }

  @Test
  void a_demo_shows_its_kills_loses_nothing_and_leaves_nothing_running() throws Exception {
    String[] command = {"demo", "cluster", "--chaos", "--rate=20", "--nodes=2"};
    try (HoldfastProcess demo = HoldfastProcess.start(folder, Map.of(), command)) {
      Waiting.until(() -> demo.out().contains("killed: ") || !demo.isAlive());
      List<ProcessHandle> started = demo.descendants();
      assertThat(started).hasSizeGreaterThanOrEqualTo(2);

      demo.terminate();

      assertThat(demo.exitCode()).as(demo.err()).isZero();
      assertThat(demo.out())
          .contains("nodes are starting", "kill -9 n", "leader n")
          .containsPattern(
              "submitted [1-9]\\d*, completed [1-9]\\d*,( open \\d+,)? lost 0, kills 1")
          .containsPattern("longest gap \\d+\\.\\d s");
      Waiting.until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    }
  }
}
