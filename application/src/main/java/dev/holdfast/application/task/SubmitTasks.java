package dev.holdfast.application.task;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes new tasks. Each batch is stored whole or not at all; batches of different callers share a
 * transaction, and a bad one spoils only itself. Safe for concurrent use.
 */
public final class SubmitTasks {

  private final Storage storage;
  private final JsonMapper json;
  private final Supplier<TaskId> ids;
  private final InstantSource time;
  private final Consumer<Ledger.Effects> committed;

  /**
   * Submits to a storage.
   *
   * @param ids new ids that grow
   * @param time an estimate of the storage's clock, for tasks of which nothing depends on it but
   *     when they say that they were created
   * @param committed is told what each transaction did, after its commit
   */
  public SubmitTasks(
      Storage storage,
      JsonMapper json,
      Supplier<TaskId> ids,
      InstantSource time,
      Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.json = json;
    this.ids = ids;
    this.time = time;
    this.committed = committed;
  }

  /** A batch that passed the checks that need no storage, or the answer that refuses it. */
  public sealed interface Prepared {

    /** Goes on to {@link #flush} or {@link #store}. */
    record Sound(Batch batch) implements Prepared {}

    /** Goes back to the caller. */
    record Faulty(SubmitAnswer.Invalid answer) implements Prepared {}
  }

  /** A sound batch on its way. */
  public static final class Batch {

    private final Submission submission;

    private boolean tried;

    private Batch(Submission submission) {
      this.submission = submission;
    }

    private boolean isSecondTry() {
      boolean before = tried;
      tried = true;
      return before;
    }

    /** How many tasks it has. */
    public int size() {
      return submission.size();
    }
  }

  /** Checks a batch in itself and gives its tasks ids. */
  public Prepared prepare(List<NewTask> batch) {
    BatchCheck check = new BatchCheck(batch);
    if (!check.faults().isEmpty()) {
      return new Prepared.Faulty(new SubmitAnswer.Invalid(check.faults()));
    }
    List<TaskId> newIds = new ArrayList<>(batch.size());
    Map<Integer, String> fingerprints = new HashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      newIds.add(ids.get());
      if (batch.get(i).idempotencyKey() != null) {
        fingerprints.put(i, Fingerprint.of(batch.get(i), text -> json.canonical(new Json(text))));
      }
    }
    return new Prepared.Sound(new Batch(
        new Submission(List.copyOf(batch), newIds, fingerprints, check.refs(), check.order())));
  }

  /**
   * Stores batches in one transaction, or by one call where nothing more is to do.
   *
   * @param mayTell whether the commit may tell the other nodes, where that costs nothing more
   * @return an answer each; empty for a batch that shares a key with an earlier one of this flush
   *     and must wait for its outcome
   */
  public List<Optional<SubmitAnswer>> flush(List<Batch> batches, boolean mayTell) {
    Map<Batch, SubmitAnswer> answers = new LinkedHashMap<>();
    batches.stream()
        .filter(Batch::isSecondTry)
        .forEach(batch -> stored(batch).ifPresent(answer -> answers.put(batch, answer)));
    Set<Batch> now = withoutSharedKeys(batches, answers.keySet());
    List<Submission> submissions = now.stream().map(b -> b.submission).toList();
    // A second try tells nobody: what the first one ran into may be that.
    AtomicBoolean tells = new AtomicBoolean(mayTell);
    Outcome outcome = submissions.stream().allMatch(Submission::isPlain)
        ? storage.atOnce(
            tx -> store(new Ledger(tx, tells.getAndSet(false)), submissions, time::instant))
        : storage.transact(tx -> store(new Ledger(tx), submissions, tx::now));
    committed.accept(outcome.effects);
    int i = 0;
    for (Batch batch : now) {
      answers.put(batch, withStates(outcome.answers.get(i++)));
    }
    return batches.stream()
        .map(batch -> Optional.ofNullable(answers.get(batch)))
        .toList();
  }

  private static Outcome store(Ledger ledger, List<Submission> submissions, Supplier<Instant> now) {
    List<SubmitAnswer> answers = new Intake(ledger, submissions, now).run();
    return new Outcome(answers, ledger.effects());
  }

  /**
   * Stores one batch inside a caller's transaction. Tasks that existed before and have not ended
   * count as pending, since only their places are looked at, through this transaction.
   */
  public SubmitAnswer store(StorageTx tx, Batch batch) {
    SubmitAnswer answer =
        store(new Ledger(tx), List.of(batch.submission), tx::now).answers.getFirst();
    return withStates(answer, existing -> statesIn(tx, existing));
  }

  private static Map<TaskId, TaskState> statesIn(StorageTx tx, List<TaskId> tasks) {
    Set<TaskId> ended = new HashSet<>(tasks);
    ended.removeAll(tx.places().mark(tasks, Marks.NONE));
    Map<TaskId, TaskState> states = new HashMap<>();
    if (!ended.isEmpty()) {
      tx.facts().lastEnds(ended).forEach((task, end) -> states.put(task, end.state()));
    }
    return states;
  }

  /** What an earlier try of unknown outcome did after all; empty when it did nothing. */
  private Optional<SubmitAnswer> stored(Batch batch) {
    List<TaskId> own = batch.submission.ids();
    Map<TaskId, TaskState> states = storage.tasks().states(own);
    if (states.isEmpty()) {
      return Optional.empty();
    }
    // All or nothing: a task that is not there under its own id had existed before, by its key.
    Map<Integer, TaskId> existing = states.size() == own.size() ? Map.of() : owners(batch);
    List<SubmitAnswer.Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      TaskState state = states.get(own.get(i));
      TaskId id = state == null ? existing.getOrDefault(i, own.get(i)) : own.get(i);
      receipts.add(new SubmitAnswer.Receipt(
          id,
          batch.submission.tasks().get(i).ref(),
          state == null ? TaskState.PENDING : state,
          state == null));
    }
    return Optional.of(withStates(new SubmitAnswer.Accepted(receipts)));
  }

  /** The tasks that have the keys of the batch now, by their place in it. */
  private Map<Integer, TaskId> owners(Batch batch) {
    Map<List<String>, TaskId> owners = new HashMap<>();
    storage
        .transact(tx -> tx.submissions().takeKeys(new Intake.Pending(batch.submission).keys()))
        .forEach(
            owner -> owners.put(List.of(owner.namespace().value(), owner.key()), owner.task()));
    Map<Integer, TaskId> byIndex = new HashMap<>();
    batch.submission.fingerprints().keySet().forEach(index -> {
      TaskId owner = owners.get(keyOf(batch.submission.tasks().get(index)));
      if (owner != null) {
        byIndex.put(index, owner);
      }
    });
    return byIndex;
  }

  private SubmitAnswer withStates(SubmitAnswer answer) {
    return withStates(answer, existing -> storage.tasks().states(existing));
  }

  /** Receipts of tasks that existed before tell their present states. */
  private static SubmitAnswer withStates(
      SubmitAnswer answer, Function<List<TaskId>, Map<TaskId, TaskState>> statesOf) {
    if (!(answer instanceof SubmitAnswer.Accepted accepted)
        || accepted.receipts().stream().noneMatch(SubmitAnswer.Receipt::existing)) {
      return answer;
    }
    List<TaskId> existing = accepted.receipts().stream()
        .filter(SubmitAnswer.Receipt::existing)
        .map(SubmitAnswer.Receipt::id)
        .toList();
    Map<TaskId, TaskState> states = statesOf.apply(existing);
    return new SubmitAnswer.Accepted(accepted.receipts().stream()
        .map(r -> new SubmitAnswer.Receipt(
            r.id(), r.ref(), states.getOrDefault(r.id(), r.state()), r.existing()))
        .toList());
  }

  private static Set<Batch> withoutSharedKeys(List<Batch> batches, Set<Batch> answered) {
    Set<List<String>> keys = new HashSet<>();
    Set<Batch> chosen = new LinkedHashSet<>();
    for (Batch batch : batches) {
      if (answered.contains(batch)) {
        continue;
      }
      List<List<String>> own = batch.submission.fingerprints().keySet().stream()
          .map(index -> batch.submission.tasks().get(index))
          .map(SubmitTasks::keyOf)
          .toList();
      if (own.stream().noneMatch(keys::contains)) {
        keys.addAll(own);
        chosen.add(batch);
      }
    }
    return chosen;
  }

  private static List<String> keyOf(NewTask task) {
    return List.of(task.address().namespace().value(), String.valueOf(task.idempotencyKey()));
  }

  private record Outcome(List<SubmitAnswer> answers, Ledger.Effects effects) {}
}
