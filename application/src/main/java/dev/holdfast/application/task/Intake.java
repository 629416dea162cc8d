package dev.holdfast.application.task;

import dev.holdfast.application.task.SubmitAnswer.Fault;
import dev.holdfast.application.task.SubmitAnswer.KeyConflict;
import dev.holdfast.application.task.SubmitAnswer.Receipt;
import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Stores sound batches in one transaction: keys first, then the tasks they point to, then
 * themselves. Belongs to one transaction.
 */
final class Intake {

  private final StorageTx tx;
  private final Ledger ledger;
  private final List<Pending> pending;
  private final Supplier<Instant> now;

  Intake(Ledger ledger, List<Submission> submissions, Supplier<Instant> now) {
    this.tx = ledger.tx();
    this.now = now;
    this.ledger = ledger;
    this.pending = submissions.stream().map(Pending::new).toList();
  }

  List<SubmitAnswer> run() {
    takeKeys();
    Upstreams upstreams = new Upstreams(tx);
    upstreams.look(pending.stream().filter(Pending::isAlive).toList());
    pending.stream().filter(Pending::isAlive).forEach(one -> refuseBadLinks(one, upstreams));
    giveKeysBack();
    List<Pending> alive = pending.stream().filter(Pending::isAlive).toList();
    if (!alive.isEmpty()) {
      new Nursery(ledger, upstreams, now.get()).bear(alive);
    }
    return pending.stream().map(this::answer).toList();
  }

  /** A batch under way: which of its tasks exist already, and what speaks against it. */
  static final class Pending {

    final Submission submission;
    final Map<Integer, KeyOwner> existing = new HashMap<>(0);
    final List<KeyConflict> conflicts = new ArrayList<>(0);
    final List<Fault> faults = new ArrayList<>(0);
    private final TaskState[] states;

    Pending(Submission submission) {
      this.submission = submission;
      this.states = new TaskState[submission.size()];
      Arrays.fill(states, TaskState.PENDING);
    }

    void born(int index, TaskState state) {
      states[index] = state;
    }

    TaskState state(int index) {
      return states[index];
    }

    boolean isAlive() {
      return conflicts.isEmpty() && faults.isEmpty();
    }

    boolean isNew(int index) {
      return !existing.containsKey(index);
    }

    NewTask task(int index) {
      return submission.tasks().get(index);
    }

    /** The id under which a task of the batch lives: its own, or that of its first submission. */
    TaskId id(int index) {
      KeyOwner owner = existing.get(index);
      return owner == null ? submission.ids().get(index) : owner.task();
    }

    List<KeyOwner> keys() {
      return submission.fingerprints().entrySet().stream()
          .map(e -> {
            NewTask task = task(e.getKey());
            return new KeyOwner(
                task.address().namespace(),
                Objects.requireNonNull(task.idempotencyKey()),
                submission.ids().get(e.getKey()),
                e.getValue());
          })
          .toList();
    }
  }

  private void takeKeys() {
    List<KeyOwner> wanted = pending.stream()
        .flatMap(one -> one.keys().stream())
        .sorted(Comparator.comparing(KeyOwner::namespace).thenComparing(KeyOwner::key))
        .toList();
    if (wanted.isEmpty()) {
      return;
    }
    Map<Key, KeyOwner> owners = new HashMap<>();
    tx.submissions().takeKeys(wanted).forEach(owner -> owners.put(Key.of(owner), owner));
    pending.forEach(one -> meet(one, owners));
  }

  private static void meet(Pending one, Map<Key, KeyOwner> owners) {
    one.submission.fingerprints().forEach((index, fingerprint) -> {
      NewTask task = one.task(index);
      String key = Objects.requireNonNull(task.idempotencyKey());
      KeyOwner owner = owners.get(new Key(task.address().namespace(), key));
      if (owner == null || owner.task().equals(one.submission.ids().get(index))) {
        return; // ours, now or by a try whose answer was lost
      }
      if (owner.fingerprint().equals(fingerprint)) {
        one.existing.put(index, owner);
      } else {
        one.conflicts.add(new KeyConflict(index, key, owner.task()));
      }
    });
  }

  private void refuseBadLinks(Pending one, Upstreams upstreams) {
    for (int i = 0; i < one.submission.size(); i++) {
      if (one.isNew(i)) {
        one.faults.addAll(upstreams.faultsOf(i, one.task(i)));
      }
    }
  }

  private void giveKeysBack() {
    List<KeyOwner> unused = pending.stream()
        .filter(one -> !one.isAlive())
        .flatMap(one -> one.keys().stream())
        .toList();
    if (!unused.isEmpty()) {
      tx.submissions().releaseKeys(unused);
    }
  }

  private SubmitAnswer answer(Pending one) {
    if (!one.conflicts.isEmpty()) {
      return new SubmitAnswer.Conflict(one.conflicts.stream()
          .sorted(Comparator.comparingInt(KeyConflict::index))
          .toList());
    }
    if (!one.faults.isEmpty()) {
      return new SubmitAnswer.Invalid(one.faults);
    }
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < one.submission.size(); i++) {
      receipts.add(new Receipt(one.id(i), one.task(i).ref(), one.state(i), !one.isNew(i)));
    }
    return new SubmitAnswer.Accepted(receipts);
  }

  private record Key(Namespace namespace, String key) {

    static Key of(KeyOwner owner) {
      return new Key(owner.namespace(), owner.key());
    }
  }
}
