package dev.holdfast.simulator.load;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.simulator.check.Verdict;
import dev.holdfast.simulator.check.Witness;
import dev.holdfast.simulator.node.Cluster;
import dev.holdfast.simulator.node.Life;
import dev.holdfast.simulator.time.Actor;
import dev.holdfast.simulator.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** Submits until it is told that it was accepted, cancels, replays; on any node that answers. */
public final class Clients {

  private static final long MS = 1_000_000L;

  private final Timeline timeline;
  private final Cluster cluster;
  private final Witness witness;
  private final Verdict verdict;
  private final Handlers handlers;
  private final RandomGenerator chance;
  private final Orders orders;
  private final Actor self = new Actor("clients");
  private final List<TaskId> accepted = new ArrayList<>();
  private int open;

  /** Clients of a cluster of so many nodes; {@code isPoisonAllowed} lets tasks kill nodes. */
  public Clients(
      Timeline timeline,
      Cluster cluster,
      Witness witness,
      Verdict verdict,
      Handlers handlers,
      RandomGenerator chance,
      int nodes,
      boolean isPoisonAllowed) {
    this.timeline = timeline;
    this.cluster = cluster;
    this.witness = witness;
    this.verdict = verdict;
    this.handlers = handlers;
    this.chance = chance;
    this.orders = new Orders(chance, nodes, isPoisonAllowed);
  }

  /** Plans what clients do within the next {@code span} nanoseconds. */
  public void plan(long span) {
    int batches = 4 + chance.nextInt(9);
    open = batches;
    for (int i = 0; i < batches; i++) {
      timeline.after(chance.nextLong(span), self, null, () -> begin(orders.next(accepted)));
    }
    for (int i = chance.nextInt(4); i > 0; i--) {
      timeline.after(chance.nextLong(span), self, null, this::cancelOne);
    }
    for (int i = chance.nextInt(3); i > 0; i--) {
      timeline.after(chance.nextLong(2 * span), self, null, this::replayOne);
    }
  }

  /** Whether everything that was to be submitted was accepted. */
  public boolean areDone() {
    return open == 0;
  }

  /** One batch, submitted until it is accepted. */
  private static final class Order {

    private final List<NewTask> batch;
    private boolean isAccepted;

    Order(List<NewTask> batch) {
      this.batch = batch;
    }
  }

  private void begin(List<NewTask> batch) {
    submit(new Order(batch));
  }

  private void submit(Order order) {
    if (order.isAccepted) {
      return;
    }
    ask((engine, storage) -> {
      // Both ways: together with what others submit, and in a transaction of the client's own.
      SubmitAnswer answer = chance.nextInt(3) > 0
          ? engine.tasks().submit(order.batch)
          : storage.transact(tx -> engine.tasks().submit(tx, order.batch));
      answered(order, answer);
    });
    // Whoever gets no answer in time asks again, perhaps another node, while the first still tries.
    timeline.after((200 + chance.nextLong(1000)) * MS, self, null, () -> submit(order));
  }

  private void answered(Order order, SubmitAnswer answer) {
    if (answer instanceof SubmitAnswer.Overloaded) {
      return; // The node stops; somebody else will take it.
    }
    if (!(answer instanceof SubmitAnswer.Accepted it)) {
      verdict.broken("S1", "a sound batch is answered with " + answer);
      return;
    }
    boolean isFirst = !order.isAccepted;
    order.isAccepted = true;
    open -= isFirst ? 1 : 0;
    for (int i = 0; i < order.batch.size(); i++) {
      TaskId task = it.receipts().get(i).id();
      String key = Objects.requireNonNull(order.batch.get(i).idempotencyKey());
      witness.acknowledged().accepted(key, task);
      if (isFirst) {
        accepted.add(task);
      }
    }
  }

  private void cancelOne() {
    if (!accepted.isEmpty()) {
      TaskId task = accepted.get(chance.nextInt(accepted.size()));
      boolean isForced = chance.nextBoolean();
      ask((engine, storage) -> engine.tasks().cancel(task, "no more wanted", isForced));
    }
  }

  private void replayOne() {
    // A replayed poison would have its calls counted anew, which nobody here could follow.
    List<TaskId> ended = witness.stories().endedBadly().stream()
        .filter(task -> !handlers.isPoison(task))
        .toList();
    if (!ended.isEmpty()) {
      TaskId task = ended.get(chance.nextInt(ended.size()));
      ask((engine, storage) -> engine.tasks().replay(task));
    }
  }

  /** On a node that is up; when none is, or it fails, nothing comes of it. */
  private void ask(BiConsumer<Engine, Storage> question) {
    Life life = cluster.anyUp(chance);
    if (life != null) {
      Engine engine = Objects.requireNonNull(life.engine());
      Storage storage = Objects.requireNonNull(life.storage());
      timeline.after(chance.nextLong(MS), life.actor(), "client", () -> {
        try {
          question.accept(engine, storage);
        } catch (StorageUnavailable e) {
          verdict.tell(() -> "a client of " + life + " got no answer");
        }
      });
    }
  }
}
