package dev.holdfast.domain.placement;

import java.util.Objects;

/** One thing that keeps a node from running a task, with the particulars for people. */
public record Reason(ReasonCode code, String detail) {

  public Reason {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(detail, "detail");
  }
}
