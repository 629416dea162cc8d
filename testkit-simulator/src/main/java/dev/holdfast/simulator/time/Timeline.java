package dev.holdfast.simulator.time;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time. Events happen one after another, so that a seed decides the whole history. An
 * action may {@link #pause} in its middle, as a thread does that waits or is stopped: its fiber
 * then waits and another one goes on with the events. Exactly one fiber runs at any instant.
 *
 * <p>Code under simulation may take locks, but must not pause while it holds one that others want.
 */
public final class Timeline {

  private final RandomGenerator chance;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Deque<Fiber> spares = new ArrayDeque<>();
  private final Set<Fiber> waiting = new LinkedHashSet<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Runnable step = () -> {};
  private BooleanSupplier isOver = () -> true;
  private long now;
  private long number;
  private long steps;
  private boolean isEnding;
  private @Nullable Fiber running;
  private @Nullable Actor actor;
  private @Nullable Object tag;
  private @Nullable Throwable failure;

  /** Stands at zero; {@code chance} orders what happens at one instant. */
  public Timeline(RandomGenerator chance) {
    this.chance = chance;
  }

  /** Nanoseconds since the beginning. */
  public long now() {
    return now;
  }

  /** How many events have happened. */
  public long steps() {
    return steps;
  }

  /** Whose code runs now; null outside of events. */
  public @Nullable Actor actor() {
    return actor;
  }

  /** What the running event was tagged with. */
  public @Nullable Object tag() {
    return tag;
  }

  /** Plans an action. */
  public Event after(long delay, Actor owner, @Nullable Object withTag, Runnable action) {
    Event event = event(now + Math.max(0, delay), owner, withTag, action, null);
    events.add(event);
    return event;
  }

  private Event event(
      long at,
      Actor owner,
      @Nullable Object withTag,
      @Nullable Runnable action,
      @Nullable Fiber fiber) {
    return new Event(at, chance.nextInt(), number++, owner, withTag, action, fiber);
  }

  /**
   * Lets time pass in the middle of an action; others happen meanwhile.
   *
   * @throws Gone if the process of the action has died by then
   */
  public void pause(long nanos) {
    pause(nanos, wake -> {});
  }

  /**
   * As {@link #pause(long)}, but ends early when what {@code armed} is given is called.
   *
   * @throws Gone if the process of the action has died by then
   */
  public void pause(long nanos, Consumer<Runnable> armed) {
    Actor self = Objects.requireNonNull(actor, "outside of events");
    Fiber fiber = Objects.requireNonNull(running);
    Object ownTag = tag;
    requireAlive(self);
    Event end = event(now + Math.max(0, nanos), self, ownTag, null, fiber);
    events.add(end);
    armed.accept(() -> {
      if (!end.isOver()) {
        end.cancel();
        events.add(event(now, self, ownTag, null, fiber));
      }
    });
    waiting.add(fiber);
    passTheTurn();
    fiber.await();
    end.cancel();
    waiting.remove(fiber);
    running = fiber;
    actor = self;
    tag = ownTag;
    requireAlive(self);
  }

  /** While {@code work} pauses, of this process only what has these tags goes on. */
  public void gated(Actor self, Predicate<@Nullable Object> admitted, Runnable work) {
    self.gate(admitted);
    try {
      work.run();
    } finally {
      self.gate(null);
      release(self);
    }
  }

  /** Ends a process: nothing of it happens any more, and what is under way is unwound. */
  public void kill(Actor victim) {
    victim.die();
    victim.gate(null);
    release(victim);
  }

  private void release(Actor held) {
    for (Event event : held.takeBacklog()) {
      event.at = Math.max(event.at, now);
      events.add(event);
    }
  }

  private void requireAlive(Actor self) {
    if (isEnding || self.isGone()) {
      throw new Gone();
    }
  }

  /**
   * Runs until it is over or nothing is left, then unwinds whatever waits. Once.
   *
   * @param afterStep is called after every event and every pause
   */
  public void run(Runnable afterStep, BooleanSupplier until) throws InterruptedException {
    step = afterStep;
    isOver = until;
    passTheTurn();
    ended.await();
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private void passTheTurn() {
    Fiber next = spares.poll();
    if (next == null) {
      Fiber fresh = new Fiber();
      fresh.start(() -> live(fresh));
    } else {
      next.resume();
    }
  }

  private void live(Fiber self) {
    try {
      while (!isEnding) {
        turn(self);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      isEnding = true;
    }
    windUp();
  }

  private void turn(Fiber self) {
    step.run();
    Event event = isOver.getAsBoolean() ? null : take();
    if (event == null) {
      isEnding = true;
      return;
    }
    now = Math.max(now, event.at);
    steps++;
    Fiber fiber = event.fiber;
    if (fiber == null) {
      perform(self, event);
    } else {
      spares.push(self);
      fiber.resume();
      self.await();
    }
  }

  private void perform(Fiber self, Event event) {
    running = self;
    actor = event.owner;
    tag = event.tag;
    try {
      Objects.requireNonNull(event.action).run();
    } catch (Gone gone) {
      // Its process has died; there is nobody to tell.
    } finally {
      actor = null;
      tag = null;
      boolean ignored = Thread.interrupted();
    }
  }

  /** The next event; those of frozen processes wait, those of dead ones do not happen. */
  private @Nullable Event take() {
    while (true) {
      Event event = events.poll();
      if (event == null) {
        return null;
      }
      Actor owner = event.owner;
      if (event.isOver()) {
        continue;
      }
      if (owner.isGone()) {
        if (event.fiber != null) {
          return event;
        }
        continue;
      }
      if (owner.frozenUntil() > event.at) {
        event.at = owner.frozenUntil();
        events.add(event);
      } else if (owner.holdsBack(event)) {
        owner.keep(event);
      } else {
        return event;
      }
    }
  }

  /** Unwinds the fibers that wait, one after another; each comes back here when it is done. */
  private void windUp() {
    if (!waiting.isEmpty()) {
      List<Fiber> left = new ArrayList<>(waiting);
      left.getFirst().resume();
    } else if (!spares.isEmpty()) {
      spares.pop().resume();
    } else {
      ended.countDown();
    }
  }
}
