package dev.holdfast.domain.port.history;

import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import java.util.Objects;

/**
 * What one step of a run came to.
 *
 * @param run the run that took the step
 * @param session the holder of the run
 * @param key names the step within its task; 1..{@value #MAX_KEY_LENGTH} characters
 */
public record StepResult(RunKey run, SessionId session, String key, Json result) {

  /** Upper bound of a key, in characters. */
  public static final int MAX_KEY_LENGTH = 100;

  /** Upper bound of one result, in bytes of UTF-8. */
  public static final int MAX_BYTES = 1 << 20;

  public StepResult {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(session, "session");
    requireKey(key);
    Objects.requireNonNull(result, "result");
  }

  /**
   * Checks the key of a step.
   *
   * @throws IllegalArgumentException if it is empty, too long, or holds what no storage keeps
   */
  public static void requireKey(String key) {
    Objects.requireNonNull(key, "key");
    if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "a step's key must have 1.." + MAX_KEY_LENGTH + " characters, got " + key.length());
    }
    if (key.indexOf('\0') >= 0 || hasLoneSurrogate(key)) {
      throw new IllegalArgumentException("a step's key must be text without NUL");
    }
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
