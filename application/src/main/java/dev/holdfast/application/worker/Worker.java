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
import dev.holdfast.domain.port.tx.ClaimRequest;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs what this node has claimed and settles how it ended. Safe for concurrent use.
 *
 * <p>A handler's outcome goes through a combiner, so that hundreds share a transaction; its slot is
 * free as soon as the outcome is handed over. When the storage is away, outcomes wait in the
 * combiner, and slots wait for room in it.
 */
public final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  /** With fewer tasks waiting for a slot it is time to claim the next batch. */
  private static final int LOW_WATER = ClaimRequest.MAX_LIMIT / 2;

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
    this.slots = new Slots(slots, host, this::run, this::left);
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
    boolean isTaken = slots.accept(claimed.assignments().stream()
        .map(assignment -> new Execution(assignment, claimed.at(), claimedNanos, host::nanos))
        .toList());
    if (isTaken) {
      records.wake();
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

  private void run(Execution execution) {
    MDC.put("task", execution.task().toString());
    MDC.put("attempt", Integer.toString(execution.assignment().held().run().attempt()));
    MDC.put("node", node.value());
    try {
      Outcome outcome = outcome(execution);
      if (outcome == null) {
        slots.forget(execution);
      } else {
        outcomes.settle(execution, outcome);
      }
    } finally {
      MDC.clear();
    }
  }

  private void left() {
    if (slots.queued() <= Math.max(LOW_WATER, slots.size() / 2)) {
      roomMade.run();
    }
  }

  /** Calls the handler; null when its word does not count any more. */
  private @Nullable Outcome outcome(Execution execution) {
    if (execution.mustRecordStart()) {
      Optional<Boolean> isOurs = recordStart(execution);
      if (isOurs.isEmpty()) {
        return new Outcome.Released(null);
      }
      if (!isOurs.get()) {
        return null;
      }
    }
    if (!execution.begin()) {
      return execution.stopCause() == StopCause.REVOKED ? null : new Outcome.Released(null);
    }
    Outcome outcome;
    try {
      outcome = completed(execution, call(execution));
    } catch (Throwable e) { // an Error of a handler is the handler's, not the node's
      outcome = thrown(execution, e);
    } finally {
      execution.finish();
    }
    pace.took(execution.runningFor());
    if (execution.stopCause() != StopCause.REVOKED) {
      return outcome;
    }
    if (outcome instanceof Outcome.Completed) {
      outcomes.tooLate(execution);
    }
    return null;
  }

  /** Whether the run is still ours; empty when the storage did not say: then nobody may begin. */
  private Optional<Boolean> recordStart(Execution execution) {
    try {
      return Optional.of(records.recordStart(execution));
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("task", execution.task())
          .addKeyValue("node", node)
          .setCause(e)
          .log("a start could not be recorded; its task is given back");
      return Optional.empty();
    }
  }

  private Json call(Execution execution) throws Exception {
    TypeName type = execution.assignment().definition().address().type();
    Handler handler = handlers.byType().get(type);
    if (handler == null) {
      throw new IllegalStateException("no handler for a type this node does not serve");
    }
    return handler.handle(new RunContext(execution, storage, steps, handlers.json()));
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
    Duration timeout = execution.assignment().definition().policy().timeout();
    TaskError error = TaskError.of(TaskError.TIMEOUT, "the attempt took longer than " + timeout);
    outcomes.settle(execution, new Outcome.Failed(error, true, began));
  }
}
