package dev.holdfast.domain.event;

import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of one of the fact tables, with the name of the node that its session belonged to. */
public sealed interface Fact {

  /** The task it is about. */
  TaskId task();

  /** The number of the first event it stands for. */
  int version();

  /**
   * A task row.
   *
   * @param scheduledFor the first due time of a task that was born scheduled, else null
   */
  record Created(TaskId task, Instant at, @Nullable Instant scheduledFor) implements Fact {

    @Override
    public int version() {
      return 1;
    }
  }

  /** One task of a claim row. */
  record Assigned(TaskId task, int version, int attempt, Instant at, NodeId node) implements Fact {}

  /** A run's end. */
  record Ended(RunEnd end, @Nullable NodeId node) implements Fact {

    @Override
    public TaskId task() {
      return end.task();
    }

    @Override
    public int version() {
      RunEnd.Start start = end.start();
      return start != null && start.version() != null ? start.version() : end.version();
    }
  }

  /** A note. */
  record Noted(Note note, @Nullable NodeId node) implements Fact {

    @Override
    public TaskId task() {
      return note.task();
    }

    @Override
    public int version() {
      return note.version();
    }
  }
}
