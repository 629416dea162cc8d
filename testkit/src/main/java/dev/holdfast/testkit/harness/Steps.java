package dev.holdfast.testkit.harness;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Sessions.Opening;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The shortest form of each use case: what a contract needs to bring a task where it wants it. Each
 * method is one transaction unless it says otherwise. Safe for concurrent use.
 */
public final class Steps {

  private static final AtomicLong REQUESTS = new AtomicLong();

  private final Storage storage;
  private final Samples samples;

  /** On this storage. */
  public Steps(Storage storage, Samples samples) {
    this.storage = storage;
    this.samples = samples;
  }

  /** A default task that is ready. */
  public TaskDefinition submit() {
    return submit(samples.task());
  }

  /** A task that waits for nobody. */
  public TaskDefinition submit(NewTask task) {
    return submit(List.of(task)).getFirst();
  }

  /** Tasks that wait for nobody, in the order of their ids. */
  public List<TaskDefinition> submit(List<NewTask> tasks) {
    return storage.transact(tx -> {
      Instant now = tx.now();
      List<Birth> births = tasks.stream().map(task -> samples.birth(task, now)).toList();
      tx.submissions().create(births);
      return births.stream().map(Birth::definition).toList();
    });
  }

  /** Default tasks that are ready. */
  public List<TaskDefinition> submit(int count) {
    return submit(Stream.generate(samples::task).limit(count).toList());
  }

  /** Begins a session. */
  public SessionId open(String node) {
    return switch (storage.sessions().open(samples.node(node))) {
      case Opening.Opened opened -> opened.session();
      case Opening.Refused refused -> throw new AssertionError("refused for " + refused.holder());
    };
  }

  /** A claim over all lanes under a new request. */
  public ClaimAnswer ask(SessionId session, int limit) {
    long request = REQUESTS.incrementAndGet();
    var lanes = storage.tasks().lanesAfter(0);
    return storage.transact(
        tx -> tx.runs().claim(new ClaimRequest(session, request, lanes, limit)));
  }

  /** What a claim over all lanes gives; nothing when the session is over. */
  public List<Held> claim(SessionId session, int limit) {
    return switch (ask(session, limit)) {
      case ClaimAnswer.Claimed claimed ->
        claimed.assignments().stream().map(ClaimAnswer.Assignment::held).toList();
      case ClaimAnswer.SessionOver ignored -> List.of();
    };
  }

  /** Claims one task, which must be there. */
  public Held claimOne(SessionId session) {
    List<Held> held = claim(session, 1);
    if (held.isEmpty()) {
      throw new AssertionError("there was nothing to claim");
    }
    return held.getFirst();
  }

  /** Ends runs as completed; their tasks' dependants go on. Answers those that were ended. */
  public List<RunKey> complete(List<Held> runs) {
    return storage.transact(tx -> complete(tx, runs));
  }

  /** The same inside a transaction: by one call, and together those that others depend on. */
  public List<RunKey> complete(StorageTx tx, List<Held> runs) {
    Ends ends = new Ends(tx);
    Outcome.Completed outcome = completed("{\"ok\": true}", tx.now());
    Set<RunKey> ended = new HashSet<>(tx.runs().complete(ends.completions(runs, outcome)));
    List<RunKey> left = runs.stream()
        .map(held -> held.run().key())
        .filter(key -> !ended.contains(key))
        .toList();
    ended.addAll(ends.complete(tx.runs().take(left), outcome));
    return List.copyOf(ended);
  }

  /** Ends one run as completed; false when it was not held any more. */
  public boolean complete(Held run) {
    return !complete(List.of(run)).isEmpty();
  }

  /** A handler that began and returned at once. */
  public static Outcome.Completed completed(String result, Instant now) {
    return new Outcome.Completed(new Json(result), now, now);
  }

  /** Ends a run with an outcome made of the storage's time; empty when it was not held. */
  public Optional<Move> settle(Held run, Function<Instant, Outcome> outcome) {
    return storage.transact(tx -> settle(tx, run, outcome));
  }

  /** The same inside a transaction. */
  public Optional<Move> settle(StorageTx tx, Held run, Function<Instant, Outcome> outcome) {
    Instant now = tx.now();
    return tx.runs().take(List.of(run.run().key())).stream().findFirst().map(held -> {
      TaskDefinition task = new Ends(tx).definition(held.run().task());
      Move move = Settlement.settle(task, held, outcome.apply(now), now, dice());
      new Ends(tx).apply(held, move);
      return move;
    });
  }

  /** Ends a run as failed, with the samples' error. */
  public Optional<Move> fail(Held run) {
    return settle(run, now -> new Outcome.Failed(samples.error(), true, now));
  }

  /** Gives a run back. */
  public Optional<Move> release(Held run) {
    return settle(run, now -> new Outcome.Released(null));
  }

  /** Suspends a run until it is woken. */
  public Optional<Move> suspend(Held run) {
    return settle(run, now -> new Outcome.Suspended(null, now));
  }

  /** Records the start of a run that is held. */
  public Held start(Held run) {
    return storage.transact(tx -> rewrite(tx, run, Lifecycle::start));
  }

  /** Records progress of a run that is held. */
  public Held progress(Held run, double percent) {
    Progress progress = new Progress(percent, "at " + percent);
    return storage.transact(tx ->
        rewrite(tx, run, (task, held, now) -> Lifecycle.progress(task, held, progress, now, now)));
  }

  /** Asks the handler of a held run to stop. */
  public Held askCancel(Held run, String reason) {
    return storage.transact(tx -> askCancel(tx, run, reason));
  }

  /** The same inside a transaction. */
  public Held askCancel(StorageTx tx, Held run, String reason) {
    return rewrite(tx, run, (task, held, now) -> Lifecycle.askCancel(held, reason, now));
  }

  private interface Rewrite {
    Move of(TaskDefinition task, Held held, Instant now);
  }

  private static Held rewrite(StorageTx tx, Held run, Rewrite rewrite) {
    Held locked = tx.runs().lock(List.of(run.run().task())).getFirst();
    TaskDefinition task = new Ends(tx).definition(run.run().task());
    Move move = rewrite.of(task, locked, tx.now());
    tx.facts().note(move.notes());
    Held next = (Held) Objects.requireNonNull(move.next());
    tx.runs().replace(List.of(next));
    return next;
  }

  /** Moves what is due to where it can be claimed. Answers how many. */
  public int promote(int limit) {
    return storage.transact(tx -> promote(tx, limit));
  }

  /** The same inside a transaction. */
  public int promote(StorageTx tx, int limit) {
    List<Place> due = tx.places().takeDue(limit);
    due.forEach(place -> new Ends(tx).apply(place, promoted(place, tx.now())));
    return due.size();
  }

  private static Move promoted(Place place, Instant now) {
    return switch (place) {
      case Place.Scheduled scheduled -> Lifecycle.promote(scheduled);
      case Place.Suspended suspended -> Lifecycle.resume(suspended, now);
      default -> throw new AssertionError("not a place that is ever due: " + place);
    };
  }

  private static SplittableRandom dice() {
    return new SplittableRandom(7);
  }

  /** The ids. */
  public static List<TaskId> ids(TaskDefinition... tasks) {
    return Arrays.stream(tasks).map(TaskDefinition::id).toList();
  }

  /** The tasks of held runs, in their order. */
  public static List<TaskId> tasks(List<Held> held) {
    return held.stream().map(one -> one.run().task()).toList();
  }
}
