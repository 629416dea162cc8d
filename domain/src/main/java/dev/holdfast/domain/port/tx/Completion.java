package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.RunKey;
import java.util.Objects;

/** A run and the return of its handler. */
public record Completion(RunKey key, Outcome.Completed outcome) {

  public Completion {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(outcome, "outcome");
  }
}
