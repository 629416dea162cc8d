package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunEnd.Kind;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is only appended: claims, ends and notes, and the events that they stand for. */
public final class FactBook {

  private final long incarnation = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  private final Table<Long, Claim> claims;
  private final Table<Request, Claim> requests;
  private final Table<RunKey, RunEnd> ends;
  private final Table<RunKey, RunEnd> revoked;
  private final Table<Version, Note> notes;
  private final Table<Version, TaskEvent> story;
  private final Table<Version, EventPosition> positions;
  private final Table<EventPosition, TaskEvent> stream;
  private final Table<Integer, Long> start;
  private long transaction;
  private long lastClaim;

  FactBook(Journal journal) {
    claims = new Table<>(journal, Comparator.naturalOrder());
    requests = new Table<>(journal, Request.ORDER);
    ends = new Table<>(journal, Comparator.naturalOrder());
    revoked = new Table<>(journal, Comparator.naturalOrder());
    notes = new Table<>(journal, Version.ORDER);
    story = new Table<>(journal, Version.ORDER);
    positions = new Table<>(journal, Version.ORDER);
    stream = new Table<>(journal, Comparator.naturalOrder());
    start = new Table<>(journal, Comparator.naturalOrder());
  }

  /** One batch handed to one session. */
  public record Claim(
      ClaimId id, SessionId session, long request, Instant at, List<TaskId> tasks) {}

  /** Goes on to the next transaction. */
  void next() {
    transaction++;
  }

  /** Of this storage: another one's positions mean nothing here. */
  public long incarnation() {
    return incarnation;
  }

  /** The number of the newest transaction that wrote. */
  public long transaction() {
    return transaction;
  }

  /** The batch that a request was given, or null. */
  public @Nullable Claim claimed(SessionId session, long request) {
    return requests.get(new Request(session.value(), request));
  }

  /** The batch. */
  public @Nullable Claim claim(ClaimId id) {
    return claims.get(id.value());
  }

  /** The id of the next batch. */
  public ClaimId nextClaim() {
    return new ClaimId(++lastClaim);
  }

  /** Appends a batch. */
  public void add(Claim claim) {
    claims.put(claim.id().value(), claim);
    requests.put(new Request(claim.session().value(), claim.request()), claim);
  }

  /**
   * Appends an end.
   *
   * @throws IllegalStateException if the run has ended already
   */
  public void add(RunEnd end) {
    if (ends.has(end.key())) {
      throw new IllegalStateException(end.key() + " has ended already");
    }
    ends.put(end.key(), end);
    boolean mayBeNews = end.kind() == Kind.CANCELLED || end.kind() == Kind.TIMED_OUT;
    if (mayBeNews && end.lease() != null) {
      revoked.put(end.key(), end);
    }
  }

  /** Runs of a session that were cancelled or expired after an instant. */
  public List<RunKey> revoked(SessionId session, Instant after) {
    return revoked.values().stream()
        .filter(end -> end.lease() != null && end.lease().session().equals(session))
        .filter(end -> end.endedAt().isAfter(after))
        .map(RunEnd::key)
        .toList();
  }

  /** The end of a run, or null. */
  public @Nullable RunEnd end(RunKey key) {
    return ends.get(key);
  }

  /** The ends of a task's runs, newest first. */
  public Collection<RunEnd> endsOf(TaskId task) {
    RunKey first = new RunKey(task, 1);
    RunKey last = new RunKey(task, Integer.MAX_VALUE);
    return ends.between(first, last).descendingMap().values();
  }

  /** Appends a note unless there is one of the same number. */
  public boolean add(Note note) {
    Version key = new Version(note.task(), note.version());
    if (notes.has(key)) {
      return false;
    }
    notes.put(key, note);
    return true;
  }

  /**
   * Appends the events of a fact.
   *
   * @throws IllegalStateException if another fact has one of their numbers
   */
  public void tell(Fact fact) {
    for (TaskEvent event : Story.of(fact)) {
      Version key = new Version(event.task(), event.version());
      TaskEvent present = story.get(key);
      if (present != null) {
        throw new IllegalStateException("two events with one number: " + present + ", " + event);
      }
      story.put(key, event);
      // The transaction is counted when it commits.
      EventPosition position =
          new EventPosition(incarnation, transaction + 1, event.task(), event.version());
      positions.put(key, position);
      stream.put(position, event);
    }
  }

  /** The events of a task behind a number. */
  public Collection<TaskEvent> story(TaskId task, int after) {
    return story
        .between(new Version(task, after), new Version(task, Integer.MAX_VALUE))
        .tailMap(new Version(task, after), false)
        .values();
  }

  /** All events that are kept behind a position. */
  public NavigableMap<EventPosition, TaskEvent> stream(EventPosition after) {
    EventPosition first = EventPosition.before(incarnation, start());
    return stream.after(after.compareTo(first) < 0 ? first : after);
  }

  /** The first transaction whose events are all kept. */
  public long start() {
    Long first = start.get(0);
    return first == null ? 0 : first;
  }

  /** Forgets a task: the stream then starts behind its newest event. */
  public void remove(TaskId task) {
    for (RunEnd end : List.copyOf(endsOf(task))) {
      ends.remove(end.key());
    }
    for (TaskEvent event : List.copyOf(story(task, 0))) {
      Version key = new Version(task, event.version());
      story.remove(key);
      notes.remove(key);
      EventPosition position = positions.remove(key);
      if (position != null) {
        stream.remove(position);
        start.put(0, Math.max(start(), position.transaction() + 1));
      }
    }
  }

  /** Forgets the claims of whose tasks none is left. */
  public void removeClaims(Predicate<TaskId> isLeft) {
    List<Claim> empty = claims.values().stream()
        .filter(claim -> claim.tasks().stream().noneMatch(isLeft))
        .toList();
    for (Claim claim : empty) {
      claims.remove(claim.id().value());
      requests.remove(new Request(claim.session().value(), claim.request()));
    }
  }

  /** Whether a session has claims. */
  public boolean hasClaims(SessionId session) {
    Request last = new Request(session.value(), Long.MAX_VALUE);
    return !requests.between(new Request(session.value(), Long.MIN_VALUE), last).isEmpty();
  }

  private record Version(TaskId task, int number) {

    static final Comparator<Version> ORDER =
        Comparator.comparing(Version::task).thenComparingInt(Version::number);
  }

  private record Request(long session, long number) {

    static final Comparator<Request> ORDER =
        Comparator.comparingLong(Request::session).thenComparingLong(Request::number);
  }
}
