package dev.holdfast.simulator.time;

import org.jspecify.annotations.Nullable;

/** Something that happens at an instant: an action begins, or a fiber goes on. */
public final class Event implements Comparable<Event> {

  final Actor owner;
  final @Nullable Object tag;
  final @Nullable Runnable action;
  final @Nullable Fiber fiber;
  private final int order;
  private final long number;
  long at;
  private boolean isOver;

  Event(
      long at,
      int order,
      long number,
      Actor owner,
      @Nullable Object tag,
      @Nullable Runnable action,
      @Nullable Fiber fiber) {
    this.at = at;
    this.order = order;
    this.number = number;
    this.owner = owner;
    this.tag = tag;
    this.action = action;
    this.fiber = fiber;
  }

  /** When it happens, in nanoseconds of the timeline. */
  public long at() {
    return at;
  }

  /** It does not happen. */
  public void cancel() {
    isOver = true;
  }

  /** Whether it has happened, or does not. */
  boolean isOver() {
    return isOver;
  }

  /** By time; at one time as chance decided. */
  @Override
  public int compareTo(Event other) {
    int byTime = Long.compare(at, other.at);
    int byChance = byTime != 0 ? byTime : Integer.compare(order, other.order);
    return byChance != 0 ? byChance : Long.compare(number, other.number);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }
}
