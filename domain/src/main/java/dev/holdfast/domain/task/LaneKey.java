package dev.holdfast.domain.task;

import dev.holdfast.domain.placement.Constraints;
import java.util.Objects;

/**
 * What decides which nodes may run a task: all tasks of one lane are alike in that, so a node
 * chooses lanes and never has to look at a task that it may not run.
 */
public record LaneKey(TaskAddress address, Constraints constraints) {

  public LaneKey {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(constraints, "constraints");
  }
}
