package dev.holdfast.application.worker;

import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes executions of what was claimed. Neighbours share what is equal in them, since a node may
 * hold a hundred thousand and the tasks of a queue are much alike.
 */
final class Arrivals {

  private Arrivals() {}

  static List<Execution> of(Claimed claimed, ClaimClock clock) {
    List<Execution> executions = new ArrayList<>(claimed.assignments().size());
    Execution before = null;
    for (Assignment one : claimed.assignments()) {
      before = execution(one, before, clock);
      executions.add(before);
    }
    return executions;
  }

  private static Execution execution(Assignment one, @Nullable Execution before, ClaimClock clock) {
    Held held = one.held();
    return before == null
        ? new Execution(one.definition(), one.payload(), held.run(), held.lease(), clock)
        : new Execution(
            alike(before.definition(), one.definition()),
            one.payload(),
            held.run(),
            shared(before.lease(), held.lease()),
            clock);
  }

  private static TaskDefinition alike(TaskDefinition before, TaskDefinition one) {
    return new TaskDefinition(
        one.id(),
        shared(before.address(), one.address()),
        one.priority(),
        shared(before.policy(), one.policy()),
        shared(before.constraints(), one.constraints()),
        shared(before.identity(), one.identity()),
        shared(before.createdAt(), one.createdAt()),
        one.dueAt());
  }

  private static <T> T shared(T before, T one) {
    return one.equals(before) ? before : one;
  }
}
