package dev.holdfast.bootstrap.run;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.task.SubmitAnswer.Receipt;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends a graph on, batch by batch. Belongs to one thread. */
final class Submitter {

  private static final int MOST_TRIES = 100;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Tasks target;
  private final List<NewTask> graph;
  private final RunKeys keys;
  private final int mostInBatch;
  private final Map<String, TaskId> sent = new HashMap<>();

  Submitter(Tasks target, List<NewTask> graph, RunKeys keys, int mostInBatch) {
    this.target = target;
    this.graph = graph;
    this.keys = keys;
    this.mostInBatch = mostInBatch;
  }

  /** The receipts, in the order of the graph; every task is durable then. */
  List<Receipt> submit() throws InterruptedException {
    Receipt[] receipts = new Receipt[graph.size()];
    for (List<Integer> chunk : Chunks.of(graph, mostInBatch)) {
      List<Receipt> accepted = submit(chunk);
      for (int i = 0; i < accepted.size(); i++) {
        Receipt receipt = accepted.get(i);
        receipts[chunk.get(i)] = receipt;
        String ref = graph.get(chunk.get(i)).ref();
        if (ref != null) {
          sent.put(ref, receipt.id());
        }
      }
    }
    return Arrays.asList(receipts);
  }

  private List<Receipt> submit(List<Integer> chunk) throws InterruptedException {
    Set<String> inside = new HashSet<>();
    chunk.stream().map(graph::get).map(NewTask::ref).forEach(inside::add);
    List<NewTask> batch =
        chunk.stream().map(position -> prepared(position, inside)).toList();
    for (int tries = 1; tries < MOST_TRIES; tries++) {
      List<Receipt> receipts = tried(chunk, batch);
      if (receipts != null) {
        return receipts;
      }
      Thread.sleep(PAUSE);
    }
    return accepted(chunk, target.submit(batch));
  }

  /** The receipts, or null when it is worth to try the same again: the keys make that safe. */
  private @Nullable List<Receipt> tried(List<Integer> chunk, List<NewTask> batch) {
    try {
      SubmitAnswer answer = target.submit(batch);
      return answer instanceof SubmitAnswer.Overloaded ? null : accepted(chunk, answer);
    } catch (StorageUnavailable e) {
      return null;
    }
  }

  private NewTask prepared(int position, Set<String> inside) {
    NewTask task = graph.get(position);
    List<Dependency> dependsOn = task.dependsOn().stream()
        .map(edge -> new Dependency(resolved(edge.on(), inside), edge.required()))
        .toList();
    NewTask linked = task.after(dependsOn);
    if (task.parent() != null) {
      linked = linked.under(resolved(task.parent(), inside));
    }
    return task.idempotencyKey() == null ? linked.withKey(keys.of(position)) : linked;
  }

  /** A ref means something inside its batch only; those of earlier batches have ids by now. */
  private TaskLink resolved(TaskLink link, Set<String> inside) {
    if (link instanceof TaskLink.InBatch inBatch && !inside.contains(inBatch.ref())) {
      TaskId id = sent.get(inBatch.ref());
      return id == null ? link : new TaskLink.Existing(id);
    }
    return link;
  }

  private List<Receipt> accepted(List<Integer> chunk, SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Accepted good -> good.receipts();
      case SubmitAnswer.Invalid bad ->
        throw new DocumentInvalid(
            "the graph cannot be run:",
            bad.faults().stream()
                .map(fault ->
                    "/tasks/" + chunk.get(fault.index()) + fault.pointer() + " " + fault.detail())
                .toList());
      case SubmitAnswer.Conflict taken ->
        throw new DocumentInvalid(
            "idempotency keys of the file belong to tasks of other content:",
            taken.conflicts().stream()
                .map(one -> "/tasks/" + chunk.get(one.index()) + " task " + one.owner())
                .toList());
      case SubmitAnswer.Overloaded busy ->
        throw new IllegalStateException("the engine took no batch for a long time");
    };
  }
}
