package dev.holdfast.application.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.task.CancelTask;
import dev.holdfast.application.task.ExpireTasks;
import dev.holdfast.application.task.Ledger;
import dev.holdfast.application.task.PromoteDue;
import dev.holdfast.application.task.ReclaimRuns;
import dev.holdfast.application.task.ReplayTask;
import dev.holdfast.application.task.SettleRuns;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.application.task.SubmitTasks;
import dev.holdfast.application.task.WorkOffDeferred;
import dev.holdfast.application.task.WriteNotes;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.testkit.VirtualClock;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The use cases on a storage in memory under a virtual clock, without any thread: a test is the
 * worker. Belongs to one thread.
 */
public final class Desk {

  /** One attempt, so that every failure is an end. */
  public static final RunPolicy ONCE = policy(1);

  public final VirtualClock clock = new VirtualClock();
  public final TamperedStorage storage = new TamperedStorage(new InMemoryStorage(clock));
  public final List<Ledger.Effects> effects = new ArrayList<>();
  public final List<RunKey> asked = new ArrayList<>();
  public final List<RunKey> revoked = new ArrayList<>();
  private final Samples samples = new Samples(1);

  public final SubmitTasks submit =
      new SubmitTasks(storage, new TinyJson(), samples::taskId, clock, effects::add);
  public final SettleRuns settle = new SettleRuns(storage, new SplittableRandom(1), effects::add);
  public final CancelTask cancel = new CancelTask(storage, effects::add, asked::add, revoked::add);
  public final ReplayTask replay = new ReplayTask(storage, effects::add);
  public final WriteNotes notes = new WriteNotes(storage, effects::add);
  public final ReclaimRuns reclaim = new ReclaimRuns(storage, effects::add);
  public final ExpireTasks expire = new ExpireTasks(storage, effects::add, revoked::add);
  public final WorkOffDeferred deferred = new WorkOffDeferred(storage, effects::add);
  public final PromoteDue promote =
      new PromoteDue(storage, effects::add, clock, Duration.ofSeconds(1));
  public SessionId session = open("desk");
  private long requests;

  /** Begins a session of a node that runs everything. */
  public SessionId open(String node) {
    return open(node, Set.of(new TypeName("work")), Map.of());
  }

  /** Begins a session of a node. */
  public SessionId open(String node, Set<TypeName> types, Map<String, String> labels) {
    NodeStart start = new NodeStart(
        new NodeId(node),
        "",
        labels,
        types,
        8,
        Duration.ofDays(30),
        Duration.ofDays(300),
        NodeStart.Mode.MEMBER);
    return ((Sessions.Opening.Opened) storage.sessions().open(start)).session();
  }

  /** A task of the type that this desk works on. */
  public static NewTask work() {
    return NewTask.of("work", Json.EMPTY_OBJECT);
  }

  /** The same with one attempt. */
  public static NewTask once() {
    return work().withPolicy(ONCE);
  }

  /** So many attempts without a pause to speak of. */
  public static RunPolicy policy(int attempts) {
    return new RunPolicy(attempts, RunPolicy.DEFAULT.retry(), null, null, WorkerLoss.RETRY);
  }

  /** Waits for tasks of the same batch. */
  public static List<Dependency> needs(String... refs) {
    return Arrays.stream(refs)
        .map(ref -> new Dependency(new TaskLink.InBatch(ref), true))
        .toList();
  }

  /** Waits for tasks that exist. */
  public static List<Dependency> needs(TaskId... tasks) {
    return Arrays.stream(tasks)
        .map(task -> new Dependency(new TaskLink.Existing(task), true))
        .toList();
  }

  /** The answer to one batch. */
  public SubmitAnswer answer(NewTask... batch) {
    return switch (submit.prepare(List.of(batch))) {
      case SubmitTasks.Prepared.Faulty faulty -> faulty.answer();
      case SubmitTasks.Prepared.Sound sound ->
        submit.flush(List.of(sound.batch()), false).get(0).orElseThrow();
    };
  }

  /** The ids of an accepted batch. */
  public List<TaskId> submitAll(NewTask... batch) {
    return receipts(answer(batch)).stream().map(SubmitAnswer.Receipt::id).toList();
  }

  /** The id of an accepted task. */
  public TaskId submit(NewTask task) {
    return submitAll(task).get(0);
  }

  /** What an acceptance says. */
  public static List<SubmitAnswer.Receipt> receipts(SubmitAnswer answer) {
    assertThat(answer).isInstanceOf(SubmitAnswer.Accepted.class);
    return ((SubmitAnswer.Accepted) answer).receipts();
  }

  /** Claims what is pending. */
  public List<Assignment> claim(int limit) {
    ClaimRequest request =
        new ClaimRequest(session, ++requests, storage.tasks().lanesAfter(0), limit);
    ClaimAnswer answer = storage.transact(tx -> tx.runs().claim(request));
    return ((ClaimAnswer.Claimed) answer).assignments();
  }

  /** Claims one task, which must be the only one that is pending. */
  public Assignment claimOnly() {
    List<Assignment> all = claim(ClaimRequest.MAX_LIMIT);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  /** A worker's word on a run. */
  public SettleRuns.Settle word(Assignment run, Outcome outcome) {
    return new SettleRuns.Settle(
        run.definition(), run.held().run().key(), run.held().lease(), outcome);
  }

  /** Settles one run. */
  public SettleRuns.Answer settle(Assignment run, Outcome outcome) {
    return settle.settle(List.of(word(run, outcome))).get(0);
  }

  /** Ends a run well. */
  public SettleRuns.Answer complete(Assignment run) {
    return settle(run, completed());
  }

  /** Ends a run badly. */
  public SettleRuns.Answer fail(Assignment run) {
    return settle(run, failed("boom"));
  }

  /** A handler's return. */
  public Outcome.Completed completed() {
    return new Outcome.Completed(new Json("{\"ok\":true}"), now(), now());
  }

  /** A handler's throw. */
  public Outcome.Failed failed(String type) {
    return new Outcome.Failed(TaskError.of(type, "no luck"), true, now());
  }

  /** The storage's time. */
  public Instant now() {
    return clock.instant();
  }

  /** Lets every loop work until none has anything more to do. */
  public void settleDown() {
    while (deferred.tick().isZero()) {
      // More was deferred.
    }
    while (promote.tick().isZero()) {
      // More was due.
    }
  }

  /** The task as it stands. */
  public TaskView view(TaskId task) {
    return storage.tasks().find(task).orElseThrow();
  }

  /** The state of a task; empty when there is none. */
  public Optional<TaskState> find(TaskId task) {
    return Optional.ofNullable(storage.tasks().states(List.of(task)).get(task));
  }

  /** The state of a task. */
  public TaskState state(TaskId task) {
    return find(task).orElseThrow();
  }

  /** The story of a task, whose versions must have no gaps. */
  public List<EventType> story(TaskId task) {
    List<TaskEvent> events = storage.events().ofTask(task, 0, 1000);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).version()).isEqualTo(i + 1);
    }
    return events.stream().map(TaskEvent::type).toList();
  }
}
