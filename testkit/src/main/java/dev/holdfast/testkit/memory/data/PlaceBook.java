package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one place of each live task, and the orders in which places are looked for. */
public final class PlaceBook {

  private final TaskBook tasks;
  private final Table<TaskId, Place> places;
  private final Table<Ready, TaskId> ready;
  private final Table<Due, TaskId> due;
  private final Table<Due, TaskId> deadlines;
  private final Table<Holding, TaskId> held;

  PlaceBook(Journal journal, TaskBook tasks) {
    this.tasks = tasks;
    places = new Table<>(journal, Comparator.naturalOrder());
    ready = new Table<>(journal, Ready.ORDER);
    due = new Table<>(journal, Due.ORDER);
    deadlines = new Table<>(journal, Due.ORDER);
    held = new Table<>(journal, Holding.ORDER);
  }

  /** Where the task waits, or null. */
  public @Nullable Place find(TaskId task) {
    return places.get(task);
  }

  /** Every place by task. */
  public Collection<Place> all() {
    return places.values();
  }

  /**
   * Puts a task that has no place into one.
   *
   * @throws IllegalStateException if it has one
   */
  public void put(Place place) {
    TaskId task = place.run().task();
    Place present = places.get(task);
    if (present != null) {
      throw new IllegalStateException(task + " is " + present.state() + " already");
    }
    places.put(task, place);
    switch (place) {
      case Place.Ready ignored -> ready.put(key(task), task);
      case Place.Scheduled scheduled -> due.put(new Due(scheduled.dueAt(), task), task);
      case Place.Suspended suspended -> putWake(suspended.wakeAt(), task);
      case Place.Blocked ignored -> {}
      case Place.Held holding -> putHeld(holding, task);
    }
  }

  private void putWake(@Nullable Instant wakeAt, TaskId task) {
    if (wakeAt != null) {
      due.put(new Due(wakeAt, task), task);
    }
  }

  private void putHeld(Place.Held holding, TaskId task) {
    held.put(Holding.of(holding), task);
    if (holding.deadline() != null) {
      deadlines.put(new Due(holding.deadline(), task), task);
    }
  }

  /** Removes the place of a task that has one. */
  public void remove(Place place) {
    TaskId task = place.run().task();
    places.remove(task);
    switch (place) {
      case Place.Ready ignored -> ready.remove(key(task));
      case Place.Scheduled scheduled -> due.remove(new Due(scheduled.dueAt(), task));
      case Place.Suspended suspended -> removeWake(suspended.wakeAt(), task);
      case Place.Blocked ignored -> {}
      case Place.Held holding -> removeHeld(holding, task);
    }
  }

  private void removeWake(@Nullable Instant wakeAt, TaskId task) {
    if (wakeAt != null) {
      due.remove(new Due(wakeAt, task));
    }
  }

  private void removeHeld(Place.Held holding, TaskId task) {
    held.remove(Holding.of(holding));
    if (holding.deadline() != null) {
      deadlines.remove(new Due(holding.deadline(), task));
    }
  }

  /** Changes the place of a task that has one. */
  public void replace(Place before, Place after) {
    remove(before);
    put(after);
  }

  /** The next pending tasks of some lanes, in their order. */
  public List<Place.Ready> next(Collection<Integer> lanes, int limit) {
    var heads = new PriorityQueue<>(Ready.ACROSS_LANES);
    lanes.stream().distinct().forEach(lane -> addNext(heads, Ready.before(lane)));
    List<Place.Ready> next = new ArrayList<>();
    while (next.size() < limit) {
      Ready head = heads.poll();
      if (head == null) {
        break;
      }
      next.add((Place.Ready) at(head.task));
      addNext(heads, head);
    }
    return next;
  }

  private void addNext(PriorityQueue<Ready> heads, Ready before) {
    Ready next = ready.firstAfter(before);
    if (next != null && next.lane == before.lane) {
      heads.add(next);
    }
  }

  /** The waiting places whose time has come, oldest first. */
  public List<Place> due(Instant now, int limit) {
    return due.firstUpTo(Due.last(now), limit).stream().map(this::at).toList();
  }

  /** When the first waiting place is due; null when none is waiting for its time. */
  public @Nullable Instant firstDue() {
    return due.keys().stream().findFirst().map(Due::at).orElse(null);
  }

  /** Whether any task is pending. */
  public boolean isAnyReady() {
    return ready.size() > 0;
  }

  /** Whether any task is held. */
  public boolean isAnyHeld() {
    return held.size() > 0;
  }

  /** The held places whose deadline has passed, oldest first. */
  public List<Place.Held> overdue(Instant now, int limit) {
    return heldAt(deadlines.firstUpTo(Due.last(now), limit));
  }

  /** What a session holds, by task. */
  public List<Place.Held> heldBy(SessionId session, int limit) {
    return heldAt(held.between(Holding.first(session), Holding.last(session)).values().stream()
        .limit(limit)
        .toList());
  }

  /** How many tasks of its lane are before a pending one, itself included; at most the bound. */
  public int position(TaskId task, int bound) {
    Ready key = key(task);
    return (int) ready.between(Ready.before(key.lane), key).keySet().stream()
        .limit(bound)
        .count();
  }

  private List<Place.Held> heldAt(List<TaskId> found) {
    return found.stream().map(task -> (Place.Held) at(task)).toList();
  }

  private Place at(TaskId task) {
    Place place = places.get(task);
    if (place == null) {
      throw new IllegalStateException(task + " is listed but has no place");
    }
    return place;
  }

  private Ready key(TaskId task) {
    TaskBook.Row row = tasks.get(task);
    return new Ready(row.lane(), row.definition().priority(), row.definition().order(), task);
  }

  private record Ready(int lane, int priority, long order, TaskId task) {

    static final Comparator<Ready> ACROSS_LANES = Comparator.comparingInt(Ready::priority)
        .thenComparingLong(Ready::order)
        .thenComparing(Ready::task);
    static final Comparator<Ready> ORDER =
        Comparator.comparingInt(Ready::lane).thenComparing(ACROSS_LANES);

    private static final TaskId FIRST = new TaskId(new UUID(0L, 0L));

    static Ready before(int lane) {
      return new Ready(lane, Integer.MIN_VALUE, Long.MIN_VALUE, FIRST);
    }
  }

  private record Holding(long session, TaskId task) {

    static final Comparator<Holding> ORDER =
        Comparator.comparingLong(Holding::session).thenComparing(Holding::task);

    private static final TaskId FIRST = new TaskId(new UUID(0L, 0L));
    private static final TaskId LAST = new TaskId(new UUID(-1L, -1L));

    static Holding of(Place.Held held) {
      return new Holding(held.lease().session().value(), held.run().task());
    }

    static Holding first(SessionId session) {
      return new Holding(session.value(), FIRST);
    }

    static Holding last(SessionId session) {
      return new Holding(session.value(), LAST);
    }
  }
}
