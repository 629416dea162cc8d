package dev.holdfast.application.task;

import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of a batch of new tasks: all of it was accepted, or nothing was stored. */
public sealed interface SubmitAnswer {

  /** Every task is durable; one receipt each, in the order of the batch. */
  record Accepted(List<Receipt> receipts) implements SubmitAnswer {

    public Accepted {
      receipts = List.copyOf(receipts);
    }
  }

  /** Some tasks point to others that are not there, or in a circle. All faults at once. */
  record Invalid(List<Fault> faults) implements SubmitAnswer {

    public Invalid {
      faults = List.copyOf(faults);
    }
  }

  /** Idempotency keys are taken by tasks of other content. */
  record Conflict(List<KeyConflict> conflicts) implements SubmitAnswer {

    public Conflict {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** Too many submissions wait already; nothing was tried. Try again later. */
  record Overloaded() implements SubmitAnswer {}

  /**
   * One accepted task.
   *
   * @param existing whether an earlier submission with the same key had created it
   */
  record Receipt(TaskId id, @Nullable String ref, TaskState state, boolean existing) {

    public Receipt {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(state, "state");
    }
  }

  /**
   * What is wrong with one task.
   *
   * @param index its place in the batch, from 0
   * @param pointer a JSON pointer below the task, for example {@code /dependsOn/0/ref}
   */
  record Fault(int index, String pointer, String detail) {}

  /** A key whose task has other content. */
  record KeyConflict(int index, String key, TaskId owner) {}
}
