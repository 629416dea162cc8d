package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.SettleRuns;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands outcomes over to a combiner, so that hundreds are settled together, and watches
 * what becomes of them. Safe for concurrent use.
 */
final class HandOver {

  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
  private static final int CAPACITY = 10_000;
  private static final int BATCH = ClaimRequest.MAX_LIMIT;

  private final SettleRuns settling;
  private final Consumer<Execution> done;
  private final Meters meters;
  private final Combiner<SettleRuns.Settle, SettleRuns.Answer> combiner;

  /** {@code done} is told of every execution that nothing more will come of. */
  HandOver(SettleRuns settling, Consumer<Execution> done, Meters meters) {
    this.settling = settling;
    this.done = done;
    this.meters = meters;
    this.combiner = new Combiner<>(
        "settle",
        new Combiner.Bounds(CAPACITY, BATCH, Duration.ofDays(365)),
        one -> 1,
        this::flush,
        meters);
  }

  Loop loop() {
    return combiner;
  }

  /** Hands an outcome over, waiting for room; the first word on an execution is the only one. */
  void settle(Execution execution, Outcome outcome) {
    if (execution.takeSettlement()) {
      watch(execution, outcome, combiner.put(word(execution, outcome)));
    } else {
      done.accept(execution);
    }
  }

  /** Never waits: what finds no room, since the storage is away, is left to the session's end. */
  void giveBack(Execution execution) {
    if (execution.takeSettlement()) {
      Instant beganAt = execution.isRunning() ? execution.beganAt() : null;
      handOver(execution, new Outcome.Released(beganAt));
    }
  }

  /** Waits until everything is settled; false when the patience was over first. */
  boolean awaitIdle(Host host, Duration patience) throws InterruptedException {
    return combiner.awaitIdle(host, patience);
  }

  /** Fails what is not settled, since the loops have ended; the session's end settles it. */
  void abandon() {
    combiner.abandon();
  }

  /** Settles a batch, leaving a second word on the same task to the next one. */
  private List<Optional<SettleRuns.Answer>> flush(List<SettleRuns.Settle> items) {
    Set<TaskId> tasks = new HashSet<>();
    List<SettleRuns.Settle> now = new ArrayList<>(items.size());
    BitSet isNow = new BitSet();
    for (int i = 0; i < items.size(); i++) {
      if (tasks.add(items.get(i).key().task())) {
        now.add(items.get(i));
        isNow.set(i);
      }
    }
    Iterator<SettleRuns.Answer> answers = settling.settle(now).iterator();
    List<Optional<SettleRuns.Answer>> all = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      all.add(isNow.get(i) ? Optional.of(answers.next()) : Optional.empty());
    }
    return all;
  }

  private static SettleRuns.Settle word(Execution execution, Outcome outcome) {
    return new SettleRuns.Settle(
        execution.definition(), execution.key(), execution.lease(), outcome);
  }

  private void handOver(Execution execution, Outcome outcome) {
    combiner
        .offer(word(execution, outcome))
        .ifPresentOrElse(answer -> watch(execution, outcome, answer), () -> done.accept(execution));
  }

  private void watch(
      Execution execution, Outcome outcome, CompletableFuture<SettleRuns.Answer> answer) {
    var unused = answer.whenComplete((word, failure) -> {
      if (failure == null) {
        settled(execution, word);
      } else {
        refused(execution, outcome, failure);
      }
    });
  }

  private void settled(Execution execution, SettleRuns.Answer answer) {
    done.accept(execution);
    if (answer instanceof SettleRuns.Answer.Stale) {
      tooLate(execution);
    }
  }

  /** A handler returned after its run had been given away, or had ended otherwise. */
  void tooLate(Execution execution) {
    meters.count("holdfast.runs.stale", 1);
    LOG.atWarn()
        .addKeyValue("task", execution.task())
        .addKeyValue("fence", execution.key().number())
        .log("a late outcome was refused: the run is no longer this node's");
  }

  /** A result that no storage takes must not leave its run held for ever: it fails the attempt. */
  private void refused(Execution execution, Outcome outcome, Throwable failure) {
    LOG.atError()
        .addKeyValue("task", execution.task())
        .setCause(failure)
        .log("an outcome could not be written");
    if (outcome instanceof Outcome.Completed it && !(failure instanceof StorageUnavailable)) {
      TaskError error = TaskError.of("result-refused", String.valueOf(failure.getMessage()));
      handOver(execution, new Outcome.Failed(error, true, it.beganAt()));
    } else {
      done.accept(execution);
    }
  }
}
