package dev.holdfast.bootstrap.run;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.task.SubmitAnswer.Receipt;
import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** Submits a graph, starts anew what had failed, and waits until all of it has ended. */
public final class RunJob {

  private static final int PAGE = 1000;
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final Engine engine;
  private final Watcher watcher;
  private final LongSupplier nanos;

  /**
   * A job on this engine.
   *
   * @param nanos a clock that only ever grows
   */
  public RunJob(Engine engine, Watcher watcher, LongSupplier nanos) {
    this.engine = engine;
    this.watcher = watcher;
    this.nanos = nanos;
  }

  /** Is told how far the job is. */
  @FunctionalInterface
  public interface Watcher {

    /** So many of all tasks have ended, so many of these badly. */
    void progressed(int ended, int badly, int all);
  }

  /**
   * Runs a graph to its end.
   *
   * @throws DocumentInvalid if it cannot be run
   * @throws InterruptedException if the caller is interrupted; the job can be run again later
   */
  public RunReport run(List<NewTask> graph, RunKeys keys) throws InterruptedException {
    long began = nanos.getAsLong();
    EventPosition before = engine.events().log().head();
    List<Receipt> receipts = new Submitter(engine.tasks(), graph, keys, Tasks.MAX_BATCH).submit();
    var ends = new Ends(engine.queries(), receipts);
    int completedBefore = ends.completed();
    int replayed = replay(ends);
    follow(before, ends);
    Duration elapsed = Duration.ofNanos(nanos.getAsLong() - began);
    return new RunReport(ends.tasks(), completedBefore, replayed, ends.failures(), elapsed);
  }

  /** Failed tasks first: their replay revives the dependants that they had cancelled. */
  private int replay(Ends ends) {
    List<TaskId> failed = ends.in(Set.of(TaskState.FAILED, TaskState.TIMED_OUT));
    var revived = new ArrayList<TaskId>();
    failed.stream().filter(this::isReplayed).forEach(revived::add);
    List<TaskId> cancelled = ends.in(Set.of(TaskState.CANCELLED));
    ends.forget(revived);
    ends.forget(cancelled);
    ends.refresh(cancelled);
    List<TaskId> still = ends.in(Set.of(TaskState.CANCELLED));
    List<TaskId> alone = still.stream().filter(this::isReplayed).toList();
    ends.forget(alone);
    return revived.size() + cancelled.size() - still.size() + alone.size();
  }

  private boolean isReplayed(TaskId task) {
    return switch (engine.tasks().replay(task)) {
      case ReplayAnswer.Replayed good -> true;
      case ReplayAnswer.NotReplayable other -> !other.state().isTerminal();
      case ReplayAnswer.UpstreamBad bad -> false;
      case ReplayAnswer.Unknown gone -> false;
    };
  }

  private void follow(EventPosition from, Ends ends) throws InterruptedException {
    EventPosition position = from;
    show(ends);
    while (!ends.isAll() || !ends.confirm()) {
      EventPage page = engine.events().follow(position, PAGE, PATIENCE);
      page.entries().forEach(entry -> ends.take(entry.event()));
      position = page.next();
      show(ends);
    }
  }

  private void show(Ends ends) {
    watcher.progressed(ends.ended(), ends.ended() - ends.completed(), ends.all());
  }
}
