package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.port.tx.KeyOwner;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The definitions, the idempotency keys and the expiries of tasks. */
public final class TaskBook {

  private final Table<TaskId, Row> tasks;
  private final Table<Key, KeyOwner> keys;
  private final Table<TaskId, Instant> expiries;
  private final Table<Due, TaskId> expiring;

  TaskBook(Journal journal) {
    tasks = new Table<>(journal, Comparator.naturalOrder());
    keys = new Table<>(journal, Key.ORDER);
    expiries = new Table<>(journal, Comparator.naturalOrder());
    expiring = new Table<>(journal, Due.ORDER);
  }

  /** A task as it was submitted. */
  public record Row(TaskDefinition definition, Json payload, int lane) {}

  /** Whether there is such a task. */
  public boolean has(TaskId task) {
    return tasks.has(task);
  }

  /** The task, or null when there is none. */
  public @Nullable Row find(TaskId task) {
    return tasks.get(task);
  }

  /**
   * The task.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Row get(TaskId task) {
    Row row = tasks.get(task);
    if (row == null) {
      throw new IllegalArgumentException("there is no task " + task);
    }
    return row;
  }

  /** Every task by descending id. */
  public Collection<Row> newestFirst() {
    return tasks.descending().values();
  }

  /** Writes a new task. */
  public void add(Row row) {
    tasks.put(row.definition().id(), row);
  }

  /** The tasks behind one by id, or all. */
  public Collection<Row> after(@Nullable TaskId task) {
    return task == null ? tasks.values() : tasks.after(task).values();
  }

  /** Forgets a task, its key and its expiry. */
  public void remove(Row row) {
    TaskDefinition task = row.definition();
    tasks.remove(task.id());
    dropExpiry(task.id());
    String key = task.identity().idempotencyKey();
    if (key != null) {
      release(new KeyOwner(task.address().namespace(), key, task.id(), ""));
    }
  }

  /** Who has the key of {@code wanted}, or null. */
  public @Nullable KeyOwner owner(KeyOwner wanted) {
    return keys.get(Key.of(wanted));
  }

  /** Takes a key. */
  public void take(KeyOwner owner) {
    keys.put(Key.of(owner), owner);
  }

  /** Gives a key back if the owner still has it. */
  public void release(KeyOwner owner) {
    KeyOwner present = owner(owner);
    if (present != null && present.task().equals(owner.task())) {
      keys.remove(Key.of(owner));
    }
  }

  /** When the task expires, as it was set, or null. */
  public @Nullable Instant expiry(TaskId task) {
    return expiries.get(task);
  }

  /** Sets when a task expires. */
  public void expireAt(TaskId task, Instant at) {
    dropExpiry(task);
    expiries.put(task, at);
    expiring.put(new Due(at, task), task);
  }

  /** When the first task expires; null when none ever will. */
  public @Nullable Instant firstExpiry() {
    return expiring.keys().stream().findFirst().map(Due::at).orElse(null);
  }

  /** Removes the oldest due expiries. */
  public List<TaskId> takeExpired(Instant now, int limit) {
    List<TaskId> due = expiring.firstUpTo(Due.last(now), limit);
    due.forEach(this::dropExpiry);
    return due;
  }

  private void dropExpiry(TaskId task) {
    Instant before = expiries.remove(task);
    if (before != null) {
      expiring.remove(new Due(before, task));
    }
  }

  private record Key(String namespace, String key) {

    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::namespace).thenComparing(Key::key);

    static Key of(KeyOwner owner) {
      return new Key(owner.namespace().value(), owner.key());
    }
  }
}
