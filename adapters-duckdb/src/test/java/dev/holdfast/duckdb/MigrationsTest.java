package dev.holdfast.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.domain.port.SchemaMigrations.Step;
import dev.holdfast.duckdb.schema.SchemaHistory;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The versions of the tables, up and down, empty and filled. */
final class MigrationsTest {

  private static final int COUNT = SchemaHistory.DESCRIPTIONS.size();
  private static final List<Step> NOTHING = steps(false);
  private static final List<Step> ALL = steps(true);

  private static List<Step> steps(boolean isApplied) {
    return IntStream.rangeClosed(1, COUNT)
        .mapToObj(n -> new Step(n, SchemaHistory.DESCRIPTIONS.get(n - 1), isApplied))
        .toList();
  }

  @TempDir
  private Path directory;

  private DuckDbSettings settings;
  private DuckDbMigrations migrations;

  @BeforeEach
  void name() {
    settings = DuckDbSettings.of(directory.resolve("holdfast.duckdb"));
    migrations = new DuckDbMigrations(settings);
  }

  private List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (var connection = DriverManager.getConnection("jdbc:duckdb:" + settings.file());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW TABLES")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  @Test
  void status_knowsWhatIsApplied() {
    assertThat(migrations.status()).isEqualTo(NOTHING);

    assertThat(migrations.up()).isEqualTo(ALL);

    assertThat(migrations.status()).isEqualTo(ALL);
  }

  @Test
  void up_isIdempotent() throws SQLException {
    migrations.up();
    List<String> once = tables();

    assertThat(migrations.up()).isEqualTo(ALL);

    assertThat(tables()).isEqualTo(once).contains("task", "held", "run_end", "note");
  }

  @Test
  void down_takesAnEmptyLayoutBack() throws SQLException {
    migrations.up();

    assertThat(migrations.down(COUNT)).isEqualTo(NOTHING);

    assertThat(tables()).containsExactly("flyway_schema_history");
    assertThat(migrations.up()).isEqualTo(ALL);
  }

  @Test
  void down_takesAFilledLayoutBack() {
    migrations.up();
    fill();

    assertThat(migrations.down(COUNT)).isEqualTo(NOTHING);

    migrations.up();
    try (DuckDbStorage storage = DuckDbStorage.open(settings, InstantSource.system())) {
      assertThat(storage.tasks().stats().queues()).isEmpty();
      assertThat(storage.events().head().transaction()).isZero();
    }
  }

  private void fill() {
    try (DuckDbStorage storage = DuckDbStorage.open(settings, InstantSource.system())) {
      Steps steps = new Steps(storage, new Samples(7));
      steps.submit(20);
      steps.complete(steps.claim(steps.open("n1"), 10));
    }
  }

  @Test
  void up_keepsWhatIsThere() {
    migrations.up();
    fill();

    migrations.up();

    try (DuckDbStorage storage = DuckDbStorage.open(settings, InstantSource.system())) {
      assertThat(storage.events().page(storage.events().start(), 1000).entries())
          .hasSize(50);
    }
  }

  @Test
  void down_refusesMoreThanIsApplied() {
    migrations.up();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> migrations.down(COUNT + 1))
        .withMessage("cannot take back %d steps, %d are applied", COUNT + 1, COUNT);
    assertThatIllegalArgumentException().isThrownBy(() -> migrations.down(-1));
    assertThat(migrations.down(0)).isEqualTo(ALL);
  }

  @Test
  void print_showsWhatIsMissing() {
    assertThat(migrations.print()).contains("CREATE TABLE task (", "CREATE TABLE held (");

    migrations.up();

    assertThat(migrations.print()).isEmpty();
  }

  @Test
  void up_goesOnWhenTheProcessWasKilledBeforeItsMarkWasWritten() throws Exception {
    migrations.up();
    fill();
    java.nio.file.Files.delete(directory.resolve("holdfast.duckdb.mark"));

    assertThat(migrations.up()).isEqualTo(ALL);
    DuckDbStorage.open(settings, InstantSource.system()).close();
  }
}
