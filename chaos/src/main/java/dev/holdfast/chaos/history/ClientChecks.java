package dev.holdfast.chaos.history;

import dev.holdfast.chaos.trace.ClientOp;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.TaskRow;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Client log against tasks. */
final class ClientChecks {

  private ClientChecks() {}

  static void acknowledged(History history, Consumer<String> violation) {
    Map<String, TaskRow> byKey = new HashMap<>();
    for (TaskRow task : history.tasks()) {
      TaskRow other = byKey.put(task.key(), task);
      if (other != null) {
        violation.accept(
            "key " + task.key() + " has two tasks, " + other.task() + " and " + task.task());
      }
    }
    for (ClientOp op : history.client()) {
      if (op.kind() == ClientOp.Kind.OK) {
        TaskRow task = byKey.get(op.key());
        if (task == null) {
          violation.accept("acknowledged " + op.key() + " is not stored");
        } else if (!task.task().equals(op.task())) {
          violation.accept(
              "acknowledged " + op.key() + " as " + op.task() + ", stored as " + task.task());
        }
      }
    }
  }

  static void ended(History history, Consumer<String> violation) {
    for (TaskRow task : history.tasks()) {
      if (!task.isTerminal()) {
        violation.accept(task.task() + " is " + task.state());
      }
    }
  }
}
