package dev.holdfast.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.http.json.Fault;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProblemsTest {

  private final Problems problems = new Problems(() -> 42);

  @Test
  void outage_is_overloaded_and_says_that_the_outcome_is_unknown() {
    Problem problem = problems.of(new StorageUnavailable("gone", new IOException("x")));

    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.json()).contains("/problems/overloaded", "unknown", "same idempotency key");
    assertThat(problem.headers()).containsEntry("Retry-After", "1");
  }

  @Test
  void refusal_of_the_storage_is_the_clients_fault() {
    Problem problem = problems.of(new StorageRejected("no", new IOException("x")));

    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.json()).doesNotContain("IOException");
  }

  @Test
  void anything_else_is_internal_with_an_id_and_no_trace() {
    Problem problem = problems.of(new IllegalStateException("secret"));

    assertThat(problem.status()).isEqualTo(500);
    assertThat(problem.json())
        .contains("\"id\":\"000000000000002a\"")
        .doesNotContain("secret")
        .doesNotContain("IllegalState");
  }

  @Test
  void faults_are_counted_in_the_detail() {
    Fault first = new Fault("/a", "is wrong");

    assertThat(Problem.faults(List.of(first)).detail()).isEqualTo("/a: is wrong");
    assertThat(Problem.faults(List.of(first, first, first)).detail())
        .isEqualTo("/a: is wrong (and 2 more)");
    assertThat(Problem.faults(List.of(new Fault("", "is wrong"))).detail()).isEqualTo("is wrong");
  }
}
