package dev.holdfast.http.task;

import dev.holdfast.domain.task.NewTask;
import dev.holdfast.http.json.Fault;
import java.util.List;

/** What a document of new tasks turned out to be. */
public sealed interface NewTasks {

  /** Every task is well formed; in the order of the document. */
  record Read(List<NewTask> tasks) implements NewTasks {

    public Read {
      tasks = List.copyOf(tasks);
    }
  }

  /** Something is wrong; all of it. */
  record Faulty(List<Fault> faults) implements NewTasks {

    public Faulty {
      faults = List.copyOf(faults);
    }
  }

  /** A payload exceeds its limit; the faults name which. */
  record TooLarge(List<Fault> faults) implements NewTasks {

    public TooLarge {
      faults = List.copyOf(faults);
    }
  }
}
