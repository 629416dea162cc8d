package dev.holdfast.testkit.memory;

import dev.holdfast.domain.event.Fact;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.FactBook;
import dev.holdfast.testkit.memory.data.SessionBook;
import dev.holdfast.testkit.memory.data.TaskBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runs that sessions hold. */
record MemoryRuns(World world) implements Runs {

  @Override
  public ClaimAnswer claim(ClaimRequest request) {
    Instant now = world.now();
    SessionBook.Row session = world.sessions().find(request.session());
    if (session == null || !session.isOpen() || !session.isFresh(now)) {
      return new ClaimAnswer.SessionOver();
    }
    FactBook.Claim before = world.facts().claimed(request.session(), request.request());
    return before == null ? claimNew(request, session, now) : again(before);
  }

  private ClaimAnswer claimNew(ClaimRequest request, SessionBook.Row session, Instant now) {
    List<Integer> lanes = request.lanes().stream().map(Lane::number).toList();
    List<Place.Ready> next = world.places().next(lanes, request.limit());
    if (next.isEmpty()) {
      // Nothing is written: the same request may be asked again later.
      return new ClaimAnswer.Claimed(now, List.of());
    }
    ClaimId id = world.facts().nextClaim();
    List<Held> held = next.stream().map(ready -> hold(ready, id, session, now)).toList();
    List<TaskId> tasks = held.stream().map(one -> one.run().task()).toList();
    world.facts().add(new FactBook.Claim(id, session.id(), request.request(), now, tasks));
    return new ClaimAnswer.Claimed(now, held.stream().map(this::assignment).toList());
  }

  private Held hold(Place.Ready ready, ClaimId id, SessionBook.Row session, Instant now) {
    int version = ready.run().version() + 1;
    Held held = Lifecycle.claim(ready, new Place.Lease(id, session.id(), version));
    world.places().replace(ready, held);
    Run run = held.run();
    world
        .facts()
        .tell(new Fact.Assigned(
            run.task(), version, run.attempt(), now, session.start().node()));
    return held;
  }

  private ClaimAnswer again(FactBook.Claim before) {
    List<ClaimAnswer.Assignment> still = before.tasks().stream()
        .map(this::held)
        .filter(Objects::nonNull)
        .filter(held -> held.lease().claim().equals(before.id()))
        .map(this::assignment)
        .toList();
    return new ClaimAnswer.Claimed(before.at(), still);
  }

  private ClaimAnswer.Assignment assignment(Held held) {
    TaskBook.Row task = world.tasks().get(held.run().task());
    return new ClaimAnswer.Assignment(task.definition(), task.payload(), held);
  }

  @Override
  public Set<RunKey> complete(Collection<Completion> completions) {
    Set<RunKey> ended = new HashSet<>();
    for (Completion completion : completions) {
      Held held = held(completion.key());
      if (held != null && !held.run().marks().has(Marks.DEPENDANTS)) {
        complete(held, completion);
        ended.add(held.run().key());
      }
    }
    return ended;
  }

  private void complete(Held held, Completion completion) {
    world.places().remove(held);
    RunEnd end =
        Objects.requireNonNull(Settlement.complete(held, completion.outcome()).end());
    world.facts().add(end);
    world.facts().tell(new Fact.Ended(end, world.sessions().node(held.lease().session())));
    world.counts().add(new Tally(completion.queue(), TaskState.COMPLETED, 1), world.now());
  }

  @Override
  public List<Held> take(Collection<RunKey> keys) {
    return remove(keys.stream()
        .distinct()
        .sorted()
        .map(this::held)
        .filter(Objects::nonNull)
        .toList());
  }

  @Override
  public List<Held> takeOf(SessionId session, int limit) {
    return remove(world.places().heldBy(session, limit));
  }

  @Override
  public List<Held> takeOverdue(int limit) {
    return remove(world.places().overdue(world.now(), limit));
  }

  private List<Held> remove(List<Held> held) {
    held.forEach(world.places()::remove);
    return held;
  }

  @Override
  public List<Held> lock(Collection<TaskId> tasks) {
    return tasks.stream()
        .distinct()
        .sorted()
        .map(this::held)
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public void replace(Collection<Held> locked) {
    for (Held held : locked) {
      Held before = held(held.run().key());
      if (before != null) {
        world.places().replace(before, held);
      }
    }
  }

  private @Nullable Held held(RunKey key) {
    Held held = held(key.task());
    return held != null && held.run().key().equals(key) ? held : null;
  }

  private @Nullable Held held(TaskId task) {
    return world.places().find(task) instanceof Held held ? held : null;
  }
}
