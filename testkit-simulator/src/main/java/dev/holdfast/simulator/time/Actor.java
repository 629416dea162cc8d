package dev.holdfast.simulator.time;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Somebody whose events can be held up all together: a process that may freeze and die. */
public final class Actor {

  private final String name;
  private final List<Event> backlog = new ArrayList<>();
  private @Nullable Predicate<@Nullable Object> gate;
  private boolean isGone;
  private long frozenUntil = -1;

  /** One that lives. */
  public Actor(String name) {
    this.name = name;
  }

  /** Whether it has died. */
  public boolean isGone() {
    return isGone;
  }

  /** Until when nothing of it happens; in the past when it is not frozen. */
  public long frozenUntil() {
    return frozenUntil;
  }

  /** Stops everything of it until then, in the middle of whatever it does. */
  public void freezeUntil(long instant) {
    frozenUntil = Math.max(frozenUntil, instant);
  }

  /** Lets it go on. */
  public void thaw() {
    frozenUntil = -1;
  }

  void die() {
    isGone = true;
  }

  boolean holdsBack(Event event) {
    Predicate<@Nullable Object> admitted = gate;
    return admitted != null && !admitted.test(event.tag);
  }

  void keep(Event event) {
    backlog.add(event);
  }

  void gate(@Nullable Predicate<@Nullable Object> admitted) {
    gate = admitted;
  }

  List<Event> takeBacklog() {
    List<Event> taken = List.copyOf(backlog);
    backlog.clear();
    return taken;
  }

  @Override
  public String toString() {
    return name;
  }
}
