package dev.holdfast.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.StorageInUse;
import dev.holdfast.domain.port.StorageUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a file is opened, and when it is not. */
final class OpeningTest {

  @TempDir
  private Path directory;

  private static DuckDbStorage open(Path file) {
    return DuckDbStorage.open(DuckDbSettings.of(file), InstantSource.system());
  }

  @Test
  void open_makesTheDirectory() {
    Path file = directory.resolve("a/b/holdfast.duckdb");
    new DuckDbMigrations(DuckDbSettings.of(file)).up();

    open(file).close();

    assertThat(file).exists();
  }

  @Test
  void open_saysThatADirectoryCannotBeMade() throws IOException {
    Path blocker = Files.createFile(directory.resolve("blocker"));

    assertThatThrownBy(() -> open(blocker.resolve("holdfast.duckdb")))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("cannot make the directory");
  }

  @Test
  void open_saysThatTheFileCannotBeOpened() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("holdfast.duckdb"));

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("cannot open " + folder);
  }

  @Test
  void open_refusesASecondOneInTheSameProcess() {
    try (DuckDbHarness harness = new DuckDbHarness()) {
      assertThatThrownBy(() -> open(harness.settings().file()))
          .isInstanceOf(StorageInUse.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " itself");
      assertThatThrownBy(() -> new DuckDbMigrations(harness.settings()).up())
          .isInstanceOf(StorageInUse.class);
    }
  }

  @Test
  void open_refusesAFileWithoutTables() {
    Path file = directory.resolve("empty.duckdb");

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("migrate up first");
    // It was let go of.
    new DuckDbMigrations(DuckDbSettings.of(file)).up();
    open(file).close();
  }

  @Test
  void open_refusesTablesOfANewerProgram() throws SQLException {
    DuckDbSettings settings = DuckDbSettings.of(directory.resolve("newer.duckdb"));
    new DuckDbMigrations(settings).up();
    String newer = """
        INSERT INTO flyway_schema_history
        SELECT installed_rank + 1000, '99', 'later', type, script, checksum, installed_by,
               installed_on, execution_time, success
          FROM flyway_schema_history
         WHERE version = '1'
        """;
    try (var connection = DriverManager.getConnection("jdbc:duckdb:" + settings.file());
        var statement = connection.createStatement()) {
      statement.execute(newer);
    }

    assertThatThrownBy(() -> open(settings.file()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 99");
    assertThatThrownBy(() -> new DuckDbMigrations(settings).up())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use a newer one");
  }

  @Test
  void settings_haveBoundsAndDefaults() {
    Path file = directory.resolve("x.duckdb");

    assertThat(DuckDbSettings.of(file)).isEqualTo(new DuckDbSettings(file, 512, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DuckDbSettings(file, 63, 2))
        .withMessage("memoryLimitMegabytes must be at least 64, got 63");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DuckDbSettings(file, 64, 0))
        .withMessage("threads must be at least 1, got 0");
    assertThat(DuckDbSettings.of(Path.of("x.duckdb")).file()).isAbsolute();
  }
}
