package dev.holdfast.application.node;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.EventStream;
import dev.holdfast.application.engine.Health;
import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.engine.StorageHeld;
import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.loop.Activity;
import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.CancelTask;
import dev.holdfast.application.task.ExpireTasks;
import dev.holdfast.application.task.ExplainTask;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.PromoteDue;
import dev.holdfast.application.task.ReclaimRuns;
import dev.holdfast.application.task.ReplayTask;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.task.SubmitTasks;
import dev.holdfast.application.task.WorkOffDeferred;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node: puts session, claims, worker, use cases and loops together, starts and stops them. */
public final class NodeEngine implements Engine {

  private static final Logger LOG = LoggerFactory.getLogger(NodeEngine.class);
  private static final Combiner.Bounds SUBMIT =
      new Combiner.Bounds(10_000, 1000, Duration.ofSeconds(10));
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Storage storage;
  private final EngineSettings settings;
  private final Activity activity = new Activity();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final LoopThreads threads;
  private final Meters meters;
  private final Worker worker;
  private final Waits waits;
  private final KeepSession session;
  private final ClaimWork claims;
  private final PromoteDue promote;
  private final WorkOffDeferred deferred;
  private final Combiner<SubmitTasks.Batch, SubmitAnswer> submissions;
  private final List<Loop> background = new ArrayList<>();
  private final NodeTasks tasks;
  private final NodeEvents events;
  private final NodeCluster cluster;
  private final NodeHealth health;

  /**
   * Opens a session and starts to work.
   *
   * @param wallClock only compared with the storage's clock, to report the skew
   * @throws StorageHeld if somebody else holds the storage exclusively
   */
  public NodeEngine(
      Storage storage,
      JsonMapper json,
      EngineSettings settings,
      Map<TypeName, Handler> handlers,
      InstantSource wallClock,
      Meters meters) {
    this.storage = storage;
    this.settings = settings;
    this.meters = meters;
    this.threads = new LoopThreads(settings.node().value(), meters, RandomGenerator.getDefault());
    this.worker =
        new Worker(settings.node(), settings.slots(), handlers, storage, this::committed, meters);
    this.waits = new Waits(storage.tasks(), settings.longestPoll());
    NodeStart start = start();
    Sessions.Opening.Opened opened = open(start);
    StorageTime time = new StorageTime(opened.at());
    this.session =
        new KeepSession(storage, start, opened, worker, time, settings.heartbeat(), stopped::get);
    this.claims = claims();
    this.promote = new PromoteDue(storage, this::committed, time, settings.longestPoll());
    this.deferred = new WorkOffDeferred(storage, this::committed);
    SubmitTasks submitting = new SubmitTasks(storage, json, ids(time), this::committed);
    this.submissions =
        new Combiner<>("submit", SUBMIT, SubmitTasks.Batch::size, submitting::flush, meters);
    this.tasks = new NodeTasks(
        submitting,
        submissions,
        new CancelTask(storage, this::committed, worker::cancelAsked, worker::revoked),
        new ReplayTask(storage, this::committed),
        new ExplainTask(storage),
        waits);
    this.events = new NodeEvents(storage.events(), activity, settings.longestPoll());
    this.cluster = new NodeCluster(storage, settings, session, time, wallClock);
    this.health = new NodeHealth(storage, threads, session, stopped::get);
    try {
      startLoops();
    } catch (RuntimeException | Error e) {
      giveUp(e);
      throw e;
    }
  }

  /** A start that failed half-way leaves no thread and no session behind. */
  private void giveUp(Throwable cause) {
    stopped.set(true);
    threads.halt();
    try {
      storage.sessions().end(session.id());
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private NodeStart start() {
    return new NodeStart(
        settings.node(),
        settings.address(),
        settings.labels(),
        worker.types(),
        settings.slots(),
        settings.timeToLive(),
        true);
  }

  private Sessions.Opening.Opened open(NodeStart start) {
    return switch (storage.sessions().open(start)) {
      case Sessions.Opening.Opened opened -> opened;
      case Sessions.Opening.Refused refused -> throw new StorageHeld(refused.holder());
    };
  }

  private ClaimWork claims() {
    Lanes lanes = new Lanes(storage.tasks(), settings.node(), settings.labels(), worker.types());
    ClaimWork loop = new ClaimWork(
        storage, session, worker, lanes, activity::signal, settings.longestPoll(), meters);
    worker.onRoom(loop::roomMade);
    session.onBegun(loop::wake);
    return loop;
  }

  /** Ids of version 7 from the storage's time, growing within a millisecond too. */
  private static Supplier<TaskId> ids(StorageTime time) {
    TimeOrderedEpochFactory factory = TimeOrderedEpochFactory.builder()
        .withInstantFunction(time::instant)
        .withIncrementPlus1()
        .build();
    return () -> new TaskId(factory.create());
  }

  private void startLoops() {
    background.add(session);
    background.add(new ReclaimRuns(storage, this::committed));
    background.addAll(worker.loops());
    background.add(submissions);
    background.add(promote);
    background.add(new ExpireTasks(storage, this::committed, worker::revoked));
    background.add(deferred);
    background.add(new Upkeeping(storage));
    background.forEach(threads::start);
    threads.start(claims);
    LOG.atInfo()
        .addKeyValue("node", settings.node())
        .addKeyValue("session", session.id())
        .addKeyValue("slots", settings.slots())
        .log("node started");
  }

  /** Tells whoever waits what a transaction of this node did. */
  private void committed(Ledger.Effects effects) {
    if (!effects.ended().isEmpty()) {
      waits.ended(effects.endedTasks());
      count(effects);
    }
    if (effects.readied()) {
      claims.wake();
    }
    if (!effects.dues().isEmpty()) {
      promote.expect(effects.dues());
    }
    if (effects.deferred()) {
      deferred.wake();
    }
    if (effects.wrote()) {
      activity.signal();
    }
  }

  private void count(Ledger.Effects effects) {
    for (TaskState state : TaskState.values()) {
      long ended = effects.ended().values().stream().filter(state::equals).count();
      if (ended > 0) {
        meters.count("holdfast.tasks.ended", ended, "state", state.code());
      }
    }
  }

  @Override
  public Tasks tasks() {
    return tasks;
  }

  @Override
  public TaskQueries queries() {
    return storage.tasks();
  }

  @Override
  public EventStream events() {
    return events;
  }

  @Override
  public ClusterView cluster() {
    return cluster;
  }

  @Override
  public Health health() {
    return health.check();
  }

  @Override
  public void stop(Duration grace) {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    LOG.atInfo().addKeyValue("node", settings.node()).log("node stops");
    try {
      boolean isQuiet = quieten(grace);
      LOG.atInfo()
          .addKeyValue("node", settings.node())
          .addKeyValue("clean", isQuiet)
          .log("node stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Whatever came in the way: no thread goes on, and nobody waits for ever.
      threads.halt();
      submissions.abandon();
      worker.abandon();
      endSession();
    }
  }

  private boolean quieten(Duration grace) throws InterruptedException {
    claims.stop();
    boolean isQuiet = threads.stop(claims, PATIENCE);
    worker.drain(grace, PATIENCE);
    submissions.close();
    isQuiet &= submissions.awaitIdle(PATIENCE);
    for (Loop loop : background.reversed()) {
      isQuiet &= threads.stop(loop, PATIENCE);
    }
    return isQuiet;
  }

  private void endSession() {
    try {
      storage.sessions().end(session.id());
    } catch (RuntimeException e) {
      // It then ends by its age, or with the next start of this node.
      LOG.atWarn()
          .addKeyValue("node", settings.node())
          .setCause(e)
          .log("the session could not be ended");
    }
  }

  @Override
  public void close() {
    stop(settings.stopGrace());
  }
}
