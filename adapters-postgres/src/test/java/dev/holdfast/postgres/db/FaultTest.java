package dev.holdfast.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {

  @ParameterizedTest
  @CsvSource({
    "40001, CONFLICT",
    "40P01, CONFLICT",
    "55P03, CONFLICT",
    "08006, CUT",
    "08003, CUT",
    "57P01, CUT",
    "57P02, CUT",
    "57P03, CUT",
    "25P03, CUT",
    "53300, OUTAGE",
    "57014, OUTAGE",
    "58030, OUTAGE",
    "25006, OUTAGE",
    "25P04, OUTAGE",
    "22021, REJECTED",
    "23505, REJECTED",
    "23514, REJECTED",
    "42P01, OTHER",
    "XX000, OTHER",
    "28P01, OTHER",
    "0, OTHER"
  })
  void of_reads_the_state(String state, Fault fault) {
    assertThat(Fault.of(new IllegalStateException(new SQLException("x", state))))
        .isEqualTo(fault);
  }

  @Test
  void of_what_is_not_of_the_database_is_other() {
    assertThat(Fault.of(new IllegalStateException("x"))).isEqualTo(Fault.OTHER);
    assertThat(Fault.of(new SQLException("x"))).isEqualTo(Fault.OTHER);
  }

  @ParameterizedTest
  @CsvSource({"CONFLICT", "CUT", "OUTAGE"})
  void translate_says_unavailable_for_every_trouble(Fault fault) {
    assertThat(fault.translate(thrown()))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessage("PostgreSQL: said")
        .hasRootCauseInstanceOf(SQLException.class);
  }

  @Test
  void translate_says_rejected_for_data_and_passes_on_the_rest() {
    RuntimeException mine = new IllegalStateException("mine");
    RuntimeException bug = thrown();

    assertThat(Fault.REJECTED.translate(thrown())).isInstanceOf(StorageRejected.class);
    assertThat(Fault.OTHER.translate(bug)).isSameAs(bug);
    assertThat(Fault.CUT.translate(mine)).isSameAs(mine);
  }

  private static RuntimeException thrown() {
    return new IllegalStateException(new SQLException("said"));
  }
}
