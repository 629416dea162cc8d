package dev.holdfast.duckdb.read;

import static java.util.stream.Collectors.toSet;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.event.Story;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.duckdb.db.Readers;
import dev.holdfast.duckdb.row.ClaimRows;
import dev.holdfast.duckdb.row.EndRows;
import dev.holdfast.duckdb.row.Lanes;
import dev.holdfast.duckdb.row.Nodes;
import dev.holdfast.duckdb.row.NoteRows;
import dev.holdfast.duckdb.row.PlaceRows;
import dev.holdfast.duckdb.row.TaskRows;
import dev.holdfast.duckdb.writer.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** The events, of one task and of all. */
public record DuckEvents(Readers readers, Counters counters, Lanes lanes, Nodes nodes)
    implements EventLog {

  @Override
  public List<TaskEvent> ofTask(TaskId task, int after, int limit) {
    return readers.read(handle -> facts(handle, task).stream()
        .flatMap(fact -> Story.of(fact).stream())
        .filter(event -> event.version() > after)
        .sorted(Comparator.comparingInt(TaskEvent::version))
        .limit(limit)
        .toList());
  }

  private List<Fact> facts(Handle handle, TaskId task) {
    List<Fact> facts = new ArrayList<>();
    TaskRows.find(handle, List.of(task), lanes, false).forEach(row -> facts.add(created(row)));
    List<Assigned> assigned = new ArrayList<>();
    for (RunEnd end : EndRows.ofTasks(handle, List.of(task), false)) {
      Place.Lease lease = end.lease();
      facts.add(new Fact.Ended(end, nodes.of(lease == null ? null : lease.session())));
      if (lease != null) {
        assigned.add(new Assigned(lease, end.attempt()));
      }
    }
    for (PlaceRows.Row row : PlaceRows.find(handle, List.of(task))) {
      if (row.place() instanceof Place.Held held) {
        assigned.add(new Assigned(held.lease(), held.run().attempt()));
      }
    }
    for (Note note : NoteRows.ofTask(handle, task)) {
      facts.add(new Fact.Noted(note, nodes.of(note.session())));
    }
    facts.addAll(assigned(handle, task, assigned));
    return facts;
  }

  private static Fact created(TaskRows.Stored row) {
    Instant due = row.bornScheduled() ? row.definition().dueAt() : null;
    return new Fact.Created(row.id(), row.definition().createdAt(), due);
  }

  private record Assigned(Place.Lease lease, int attempt) {}

  private List<Fact> assigned(Handle handle, TaskId task, List<Assigned> assigned) {
    Map<ClaimId, Instant> claims = ClaimRows.instants(
        handle, assigned.stream().map(one -> one.lease().claim()).collect(toSet()));
    List<Fact> facts = new ArrayList<>();
    for (Assigned one : assigned) {
      Place.Lease lease = one.lease();
      facts.add(new Fact.Assigned(
          task,
          lease.version(),
          one.attempt(),
          Objects.requireNonNull(claims.get(lease.claim())),
          Objects.requireNonNull(nodes.of(lease.session()))));
    }
    return facts;
  }

  @Override
  public EventPage page(EventPosition position, int limit) {
    EventPosition start = start();
    EventPosition after = position.compareTo(start) < 0 ? start : position;
    // Before the snapshot is taken: what it names is all in it.
    EventPosition head = head();
    if (after.compareTo(head) >= 0) {
      return new EventPage(List.of(), after, true);
    }
    List<EventPage.Entry> entries = readers.read(handle -> {
      Stretch stretch = new Stretch(handle, after, head.transaction(), limit, nodes);
      return stretch.read().stream()
          .map(row -> new EventPage.Entry(
              row.position(), row.event(), lanes.key(row.lane()).address()))
          .toList();
    });
    boolean caughtUp = entries.size() < limit;
    return new EventPage(entries, caughtUp ? head : entries.getLast().position(), caughtUp);
  }

  @Override
  public EventPosition start() {
    return EventPosition.before(counters.incarnation(), counters.start());
  }

  @Override
  public EventPosition head() {
    return EventPosition.behind(counters.incarnation(), counters.transaction());
  }

  @Override
  public boolean isKept(EventPosition position) {
    return position.incarnation() == counters.incarnation()
        && position.transaction() >= counters.start();
  }
}
