package dev.holdfast.domain.run;

import dev.holdfast.domain.value.Names;
import org.jspecify.annotations.Nullable;

/**
 * How far a running attempt says it is.
 *
 * @param percent 0 to 100
 * @param message at most {@value #MAX_MESSAGE} characters
 */
public record Progress(double percent, @Nullable String message) {

  /** Upper bound in characters of the message. */
  public static final int MAX_MESSAGE = 1000;

  public Progress {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("percent must be 0..100, got " + percent);
    }
    if (message != null) {
      if (message.length() > MAX_MESSAGE) {
        throw new IllegalArgumentException("message must have at most 1000 characters");
      }
      Names.storable("message", message);
    }
  }
}
