package dev.holdfast.domain.task;

import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.TaskId;
import java.util.Objects;

/** Points to another task: one that exists, or one of the same batch. */
public sealed interface TaskLink {

  /** A task that was accepted before. */
  record Existing(TaskId task) implements TaskLink {

    public Existing {
      Objects.requireNonNull(task, "task");
    }
  }

  /** A task of the same batch, by its {@code ref}. */
  record InBatch(String ref) implements TaskLink {

    public InBatch {
      Names.free("ref", ref);
    }
  }
}
