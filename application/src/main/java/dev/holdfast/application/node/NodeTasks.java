package dev.holdfast.application.node;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.task.CancelTask;
import dev.holdfast.application.task.ExplainTask;
import dev.holdfast.application.task.Explanation;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.task.ReplayTask;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.task.SubmitTasks;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The tasks of one node's engine. */
final class NodeTasks implements Tasks {

  private static final int MAX_REASON = 1000;

  private final SubmitTasks submitting;
  private final Combiner<SubmitTasks.Batch, SubmitAnswer> combiner;
  private final CancelTask canceling;
  private final ReplayTask replaying;
  private final ExplainTask explaining;
  private final Waits waits;
  private final Host host;

  NodeTasks(
      SubmitTasks submitting,
      Combiner<SubmitTasks.Batch, SubmitAnswer> combiner,
      CancelTask canceling,
      ReplayTask replaying,
      ExplainTask explaining,
      Waits waits,
      Host host) {
    this.submitting = submitting;
    this.combiner = combiner;
    this.canceling = canceling;
    this.replaying = replaying;
    this.explaining = explaining;
    this.waits = waits;
    this.host = host;
  }

  @Override
  public SubmitAnswer submit(List<NewTask> batch) {
    return switch (prepare(batch)) {
      case SubmitTasks.Prepared.Faulty faulty -> faulty.answer();
      case SubmitTasks.Prepared.Sound sound ->
        combiner.offer(sound.batch()).map(this::answerOf).orElseGet(SubmitAnswer.Overloaded::new);
    };
  }

  @Override
  public SubmitAnswer submit(StorageTx transaction, List<NewTask> batch) {
    return switch (prepare(batch)) {
      case SubmitTasks.Prepared.Faulty faulty -> faulty.answer();
      case SubmitTasks.Prepared.Sound sound -> submitting.store(transaction, sound.batch());
    };
  }

  private SubmitTasks.Prepared prepare(List<NewTask> batch) {
    if (batch.isEmpty() || batch.size() > MAX_BATCH) {
      throw new IllegalArgumentException(
          "a batch has 1.." + MAX_BATCH + " tasks, got " + batch.size());
    }
    return submitting.prepare(batch);
  }

  private SubmitAnswer answerOf(CompletableFuture<SubmitAnswer> answer) {
    try {
      return host.await(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageUnavailable("interrupted while the submission was under way", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public Optional<TaskView> await(TaskId task, Duration patience) throws InterruptedException {
    return waits.await(task, patience);
  }

  @Override
  public CancelAnswer cancel(TaskId task, String reason, boolean force) {
    if (reason.length() > MAX_REASON) {
      throw new IllegalArgumentException("reason must have at most " + MAX_REASON + " characters");
    }
    return canceling.cancel(task, Names.storable("reason", reason), force);
  }

  @Override
  public ReplayAnswer replay(TaskId task) {
    return replaying.replay(task);
  }

  @Override
  public Optional<Explanation> explain(TaskId task) {
    return explaining.explain(task);
  }
}
