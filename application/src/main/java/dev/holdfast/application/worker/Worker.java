package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.RecordSteps;
import dev.holdfast.application.task.SettleRuns;
import dev.holdfast.application.task.WriteNotes;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs what this node has claimed and settles how it ended. Safe for concurrent use.
 *
 * <p>A handler's outcome goes through a combiner, so that hundreds are settled together; its slot
 * is free as soon as the outcome is handed over. When the storage is away, outcomes wait in the
 * combiner, and slots wait for room in it.
 */
public final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final NodeId node;
  private final Handlers handlers;
  private final Storage storage;
  private final Host host;
  private final Slots slots;
  private final HandOver outcomes;
  private final RecordRuns records;
  private final StepDesk steps;
  private final Pace pace = new Pace();
  private volatile Runnable roomMade = () -> {};

  /**
   * A worker of a node.
   *
   * @param host runs the handlers
   * @param committed is told what each transaction did, after its commit
   */
  public Worker(
      NodeId node,
      int slots,
      Handlers handlers,
      Storage storage,
      Host host,
      Consumer<Ledger.Effects> committed,
      Meters meters) {
    this.node = node;
    this.handlers = handlers;
    this.storage = storage;
    this.host = host;
    this.slots = new Slots(slots, host, new Attempts(), this::left);
    SettleRuns settling = new SettleRuns(storage, host.random(), committed);
    this.outcomes = new HandOver(settling, this.slots::forget, meters);
    this.records = new RecordRuns(this.slots, new WriteNotes(storage, committed), this::timedOut);
    this.steps = new StepDesk(new RecordSteps(storage, committed), host, meters);
    meters.gauge("holdfast.slots.busy", this.slots::busy);
    meters.gauge("holdfast.slots.queued", this.slots::queued);
  }

  /** The loops that whoever owns threads must drive. */
  public List<Loop> loops() {
    return List.of(outcomes.loop(), records, steps.loop());
  }

  /** The types it has handlers for. */
  public Set<TypeName> types() {
    return handlers.byType().keySet();
  }

  /** How many tasks it runs at once. */
  public int slots() {
    return slots.size();
  }

  /** How many more tasks could begin at once. */
  public int freeSlots() {
    return slots.free();
  }

  /** How many tasks to ask for now: the free slots, and more of those that take no time. */
  public int wanted() {
    return pace.wanted(slots.size(), slots.free(), slots.queued());
  }

  /** Is called when work has left and more could be claimed. */
  public void onRoom(Runnable callback) {
    this.roomMade = callback;
  }

  /** Takes over what was claimed; once it drains, that is left to the end of the session. */
  public void accept(ClaimAnswer.Claimed claimed, long claimedNanos) {
    List<Execution> executions =
        Arrivals.of(claimed, new ClaimClock(claimed.at(), claimedNanos, host::nanos));
    if (slots.accept(executions)) {
      records.watch(executions);
    }
  }

  /** A cancel of this run was asked. */
  public void cancelAsked(RunKey key) {
    slots.stop(key, StopCause.CANCEL);
  }

  /** The run has ended without its handler. */
  public void revoked(RunKey key) {
    slots.stop(key, StopCause.REVOKED);
  }

  /** The session is over: nothing here is ours any more. */
  public void fence() {
    slots.withdrawQueued().forEach(slots::forget);
    slots.executions().forEach(execution -> execution.stop(StopCause.REVOKED));
  }

  /**
   * Gives back what has not begun, waits for what runs, interrupts what is still there, and waits
   * until everything is settled.
   *
   * @param grace for handlers
   * @param patience for the interrupted ones, and again for the settlements
   */
  public void drain(Duration grace, Duration patience) throws InterruptedException {
    slots.close();
    slots.withdrawQueued().forEach(outcomes::giveBack);
    if (!slots.awaitIdle(grace)) {
      slots.executions().forEach(execution -> execution.stop(StopCause.SHUTDOWN));
      if (!slots.awaitIdle(patience)) {
        releaseStubborn();
      }
    }
    if (!outcomes.awaitIdle(host, patience)) {
      LOG.atWarn().addKeyValue("node", node).log("stopped before every outcome was written");
    }
  }

  /** Fails what has not been settled when the loops have ended; the session's end settles it. */
  public void abandon() {
    outcomes.abandon();
    steps.abandon();
  }

  private void releaseStubborn() {
    for (Execution stubborn : slots.executions()) {
      if (stubborn.isRunning()) {
        LOG.atWarn()
            .addKeyValue("task", stubborn.task())
            .addKeyValue("node", node)
            .log("a handler ignores its interruption; its task is given back");
      }
      outcomes.giveBack(stubborn);
    }
  }

  /** When half of what may wait has begun it is time to claim the next batch. */
  private void left(int queued) {
    if (queued <= Math.max(pace.reserve(slots.size()), slots.size()) / 2) {
      roomMade.run();
    }
  }

  /** A handler that waits keeps the frames beneath it, so there is but this one. */
  private final class Attempts implements Slots.Attempts {

    @Override
    public void make(Execution execution) {
      if (!mayBegin(execution)) {
        return;
      }
      Outcome outcome;
      try {
        // In one go and alone, since every waiting handler keeps it.
        MDC.setContextMap(Map.of("task", execution.task().toString()));
        outcome = completed(execution, handlerOf(execution).handle(contextOf(execution)));
      } catch (Throwable e) { // an Error of a handler is the handler's, not the node's
        outcome = thrown(execution, e);
      } finally {
        execution.finish();
        MDC.clear();
      }
      ended(execution, outcome);
    }
  }

  private boolean mayBegin(Execution execution) {
    if (execution.mustRecordStart() && !recordStart(execution)) {
      return false;
    }
    if (execution.begin()) {
      return true;
    }
    if (execution.stopCause() == StopCause.REVOKED) {
      slots.forget(execution);
    } else {
      outcomes.settle(execution, new Outcome.Released(null));
    }
    return false;
  }

  /** False when the run is no longer ours or the storage did not say: then nobody may begin. */
  private boolean recordStart(Execution execution) {
    try {
      boolean isOurs = records.recordStart(execution);
      if (!isOurs) {
        slots.forget(execution);
      }
      return isOurs;
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("task", execution.task())
          .addKeyValue("node", node)
          .setCause(e)
          .log("a start could not be recorded; its task is given back");
      outcomes.settle(execution, new Outcome.Released(null));
      return false;
    }
  }

  private Handler handlerOf(Execution execution) {
    Handler handler = handlers.byType().get(execution.definition().address().type());
    if (handler == null) {
      throw new IllegalStateException("no handler for a type this node does not serve");
    }
    return handler;
  }

  private TaskContext contextOf(Execution execution) {
    return new RunContext(execution, storage, records, steps, handlers.json());
  }

  private void ended(Execution execution, Outcome outcome) {
    pace.took(execution.runningFor());
    if (execution.stopCause() != StopCause.REVOKED) {
      outcomes.settle(execution, outcome);
      return;
    }
    if (outcome instanceof Outcome.Completed) {
      outcomes.tooLate(execution);
    }
    slots.forget(execution);
  }

  private static Outcome completed(Execution execution, Json result) {
    if (result.sizeInBytes() > NewTask.MAX_PAYLOAD_BYTES) {
      TaskError error = TaskError.of("result-too-large", "the result has more than 1 MiB");
      return new Outcome.Failed(error, true, execution.beganAt());
    }
    return new Outcome.Completed(result, execution.beganAt(), execution.now());
  }

  private static Outcome thrown(Execution execution, Throwable thrown) {
    if (execution.stopCause() == StopCause.SHUTDOWN) {
      return new Outcome.Released(execution.beganAt());
    }
    boolean mayRetry = !(thrown instanceof TaskFailure failure) || failure.mayRetry();
    return new Outcome.Failed(Errors.of(thrown), mayRetry, execution.beganAt());
  }

  private void timedOut(Execution execution) {
    Instant began = execution.beganAt();
    execution.stop(StopCause.REVOKED);
    Duration timeout = execution.definition().policy().timeout();
    TaskError error = TaskError.of(TaskError.TIMEOUT, "the attempt took longer than " + timeout);
    outcomes.settle(execution, new Outcome.Failed(error, true, began));
  }
}
