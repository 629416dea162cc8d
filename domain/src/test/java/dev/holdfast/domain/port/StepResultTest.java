package dev.holdfast.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepResultTest {

  private static StepResult step(String key) {
    RunKey run = new RunKey(new TaskId(new UUID(1, 2)), 1);
    return new StepResult(run, new SessionId(1), key, Json.NULL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "charge the card", "käse 😀", "x/y:1"})
  void key_isAnyTextOfAFewCharacters(String key) {
    assertThat(step(key).key()).isEqualTo(key);
  }

  @Test
  void key_hasOneToAHundredCharacters() {
    assertThat(step("x".repeat(100)).key()).hasSize(100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> step("x".repeat(101)))
        .withMessageContaining("1..100")
        .withMessageContaining("101");
    assertThatIllegalArgumentException().isThrownBy(() -> step(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "\ud800", "x\udc00"})
  void key_isTextThatStoragesKeep(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> step(key));
  }
}
