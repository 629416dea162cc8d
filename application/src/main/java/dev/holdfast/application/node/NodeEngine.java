package dev.holdfast.application.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.EventStream;
import dev.holdfast.application.engine.Health;
import dev.holdfast.application.engine.LeaderActive;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.application.engine.StorageHeld;
import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.loop.Activity;
import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.CancelTask;
import dev.holdfast.application.task.ExplainTask;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.ReplayTask;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.task.SubmitTasks;
import dev.holdfast.application.worker.Handlers;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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
  private final Host host;
  private final Meters meters;
  private final Worker worker;
  private final Waits waits;
  private final KeepSession session;
  private final ClaimWork claims;
  private final NodeDuties duties;
  private final Membership membership;
  private final Combiner<SubmitTasks.Batch, SubmitAnswer> submissions;
  private final List<Loop> background = new ArrayList<>();
  private final NodeTasks tasks;
  private final NodeEvents events;
  private final NodeCluster cluster;
  private final NodeHealth health;

  /**
   * Opens a session and starts to work.
   *
   * @throws StorageHeld if somebody else holds the storage exclusively
   * @throws LeaderActive if the node must lead, and another one does
   */
  public NodeEngine(NodeParts parts) {
    this.storage = parts.storage();
    this.settings = parts.settings();
    this.meters = parts.meters();
    this.host = parts.host();
    ClusterSettings member = parts.cluster();
    Handlers handlers = new Handlers(parts.handlers(), parts.json());
    this.worker = new Worker(
        settings.node(), parts.slots(), handlers, storage, host, this::committed, meters);
    this.waits = new Waits(storage.tasks(), settings.longestPoll());
    this.session = new KeepSession(
        storage,
        parts.start(worker.types()),
        worker,
        host::nanos,
        settings.heartbeat(),
        stopped::get);
    this.claims = claims();
    this.duties = duties(member, parts.retention());
    session.onSight(claims::see);
    session.onSight(duties::see);
    this.membership = member == null
        ? new Alone(storage, settings, session, duties)
        : new Member(storage, settings, member, session, worker, claims, duties, host);
    SubmitTasks submitting = new SubmitTasks(
        storage, parts.json(), session.time().ids(host.random()), session.time(), this::committed);
    this.submissions = new Combiner<>(
        "submit",
        SUBMIT,
        SubmitTasks.Batch::size,
        batches -> submitting.flush(batches, membership.mayTell()),
        meters);
    this.tasks = tasks(submitting);
    this.events = new NodeEvents(storage.events(), activity, settings.longestPoll());
    this.cluster = new NodeCluster(storage, membership, session.time(), parts.wallClock());
    cluster.report(meters);
    this.health = new NodeHealth(storage, host, session, cluster, stopped::get);
    startOrGiveUp();
  }

  private NodeTasks tasks(SubmitTasks submitting) {
    return new NodeTasks(
        submitting,
        submissions,
        new CancelTask(storage, this::committed, this::cancelAsked, this::revoked),
        new ReplayTask(storage, this::committed),
        new ExplainTask(storage),
        waits,
        host);
  }

  /** A start that failed half-way leaves no thread and no session behind. */
  private void startOrGiveUp() {
    try {
      startLoops();
    } catch (RuntimeException | Error e) {
      giveUp(e);
      throw e;
    }
  }

  private void giveUp(Throwable cause) {
    stopped.set(true);
    host.halt();
    try {
      storage.sessions().end(session.id());
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private NodeDuties duties(@Nullable ClusterSettings member, @Nullable Retention retention) {
    var pace = new NodeDuties.Pace(settings.longestPoll(), member, retention);
    return new NodeDuties(host, this::revoked, this::committed, session.time(), pace, meters);
  }

  private ClaimWork claims() {
    Lanes lanes = new Lanes(storage.tasks(), settings.node(), settings.labels(), worker.types());
    ClaimWork loop = new ClaimWork(
        storage,
        session,
        worker,
        host::nanos,
        lanes,
        activity::signal,
        settings.longestPoll(),
        meters);
    worker.onRoom(loop::roomMade);
    session.onBegun(() -> {
      meters.count("holdfast.sessions.lost", 1);
      loop.wake();
    });
    return loop;
  }

  private void startLoops() {
    background.add(session);
    background.addAll(worker.loops());
    background.add(submissions);
    background.addAll(membership.loops());
    background.forEach(host::start);
    if (worker.slots() > 0) {
      host.start(claims);
    }
    membership.join();
    LOG.atInfo()
        .addKeyValue("node", settings.node())
        .addKeyValue("session", session.id())
        .addKeyValue("slots", worker.slots())
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
      membership.readied(effects.told());
    }
    if (!effects.dues().isEmpty()) {
      duties.expect(effects.dues());
    }
    if (effects.deferred()) {
      duties.workOff();
    }
    if (effects.wrote()) {
      activity.signal();
    }
  }

  /** The holder may be another node. */
  private void cancelAsked(RunKey run) {
    worker.cancelAsked(run);
    membership.cancelAsked();
  }

  private void revoked(RunKey run) {
    worker.revoked(run);
    membership.cancelAsked();
  }

  private void count(Ledger.Effects effects) {
    Map<TaskState, Long> ends = new EnumMap<>(TaskState.class);
    effects.ended().values().forEach(state -> ends.merge(state, 1L, Long::sum));
    ends.forEach((state, n) -> meters.count("holdfast.tasks.ended", n, "state", state.code()));
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
      host.halt();
      submissions.abandon();
      worker.abandon();
      endSession();
    }
  }

  /** Gives back what has not begun, lets the rest end, and only then the lead and the session. */
  private boolean quieten(Duration grace) throws InterruptedException {
    claims.stop();
    boolean isQuiet = host.stop(List.of(claims), PATIENCE);
    worker.drain(grace, PATIENCE);
    submissions.close();
    isQuiet &= submissions.awaitIdle(host, PATIENCE);
    membership.leave();
    isQuiet &= host.stop(background, PATIENCE);
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
