package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.testkit.memory.data.SessionBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who leads. */
record MemoryElections(World world) implements Elections {

  @Override
  public Contest contend(Candidate candidate, Duration lease) {
    return world.write(() -> {
      SessionBook.Row session = world.sessions().find(candidate.session());
      Instant now = world.now();
      if (session == null || !session.isOpen() || !session.isFresh(now)) {
        return new Contest.SessionOver();
      }
      Leadership newest = world.leads().newest();
      if (newest != null && isHeld(newest, now)) {
        return newest.session().equals(candidate.session())
            ? new Contest.Won(prolonged(newest, now.plus(lease)))
            : new Contest.Lost(newest);
      }
      long number = newest == null ? 1 : newest.term().number() + 1;
      Leadership won = new Leadership(
          new Term(world.facts().incarnation(), number),
          candidate.session(),
          candidate.node(),
          session.start().address(),
          now,
          now.plus(lease));
      world.leads().put(won);
      return new Contest.Won(won);
    });
  }

  @Override
  public boolean renew(Term term, Duration lease) {
    return world.write(() -> renewNow(term, lease));
  }

  /** As {@link #renew}, inside of a transaction. */
  boolean renewNow(Term term, Duration lease) {
    Instant now = world.now();
    Leadership newest = world.leads().newest();
    if (newest == null || !world.leads().leads(term, now) || !isHeld(newest, now)) {
      return false;
    }
    prolonged(newest, now.plus(lease));
    return true;
  }

  @Override
  public void resign(Term term) {
    world.write(() -> {
      Instant now = world.now();
      Leadership newest = world.leads().newest();
      if (newest != null && world.leads().leads(term, now)) {
        prolonged(newest, now);
      }
      return true;
    });
  }

  @Override
  public Optional<Leadership> leader() {
    return world.read(() -> Optional.ofNullable(leaderNow()));
  }

  /** As {@link #leader}, inside of a transaction; null when nobody leads. */
  @Nullable
  Leadership leaderNow() {
    Leadership newest = world.leads().newest();
    return newest != null && isHeld(newest, world.now()) ? newest : null;
  }

  private Leadership prolonged(Leadership lead, Instant expiresAt) {
    Leadership longer = new Leadership(
        lead.term(), lead.session(), lead.node(), lead.address(), lead.since(), expiresAt);
    world.leads().put(longer);
    return longer;
  }

  private boolean isHeld(Leadership lead, Instant now) {
    SessionBook.Row holder = world.sessions().find(lead.session());
    return lead.expiresAt().isAfter(now) && holder != null && holder.isOpen();
  }
}
