package dev.holdfast.duckdb.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.StorageInUse;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What DuckDB's words mean. */
final class FailuresTest {

  @Test
  void of_toldRefusedDataFromEverythingElse() {
    assertThat(Failures.of(new SQLException("Constraint Error: NOT NULL")))
        .isInstanceOf(StorageRejected.class);
    assertThat(Failures.of(new SQLException("Conversion Error: out of range\nLINE 1: …")))
        .isInstanceOf(StorageRejected.class)
        .hasMessage("Conversion Error: out of range");
    assertThat(Failures.of(new SQLException("IO Error: no space left")))
        .isInstanceOf(StorageUnavailable.class);
    assertThat(Failures.of(new SQLException((String) null))).isInstanceOf(StorageUnavailable.class);
  }

  @Test
  void translate_findsTheDriversErrorBeneathOthers() {
    RuntimeException wrapped =
        new RuntimeException("jdbi", new SQLException("Out of Range Error: too much"));
    IllegalStateException other = new IllegalStateException("no");

    assertThat(Failures.translate(wrapped)).isInstanceOf(StorageRejected.class);
    assertThat(Failures.translate(other)).isSameAs(other);
  }

  @Test
  void ofOpening_namesAHolderAlsoWithoutItsNumber() {
    SQLException locked = new SQLException("IO Error: Could not set lock on file \"x\": held");

    assertThat(Failures.ofOpening(Path.of("x"), locked))
        .isInstanceOfSatisfying(
            StorageInUse.class, inUse -> assertThat(inUse.holder()).isEqualTo("another process"));
  }
}
