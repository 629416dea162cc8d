package dev.holdfast.duckdb.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.value.TaskError;
import org.junit.jupiter.api.Test;

/** Errors of tasks as text. */
final class ErrorsTest {

  @Test
  void write_andReadAreInverse() {
    TaskError inner = new TaskError("t3:x", "", "at a\n\tat b", null);
    TaskError middle = new TaskError("s", "m1:t", null, inner);
    TaskError outer = new TaskError("app.Böse", "it's 😀", "", middle);

    assertThat(Errors.read(Errors.write(outer))).isEqualTo(outer);
    assertThat(Errors.read(Errors.write(null))).isNull();
  }

  @Test
  void withoutTraces_keepsTheRest() {
    TaskError error = new TaskError("a", "b", "trace", new TaskError("c", "d", "trace", null));

    assertThat(Errors.withoutTraces(error))
        .isEqualTo(new TaskError("a", "b", null, TaskError.of("c", "d")));
  }
}
