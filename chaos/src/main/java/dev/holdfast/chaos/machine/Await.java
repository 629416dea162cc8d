package dev.holdfast.chaos.machine;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what must come, with a bound. */
public final class Await {

  private Await() {}

  /** What may fail while it does not hold yet. */
  @FunctionalInterface
  public interface Condition {
    /** Whether it holds. */
    boolean holds() throws Exception;
  }

  /**
   * Looks every few milliseconds until the condition holds.
   *
   * @return how long it took
   * @throws IllegalStateException if it does not hold in time; {@code what} says what was awaited
   */
  public static Duration until(Supplier<String> what, Duration patience, Condition condition) {
    long start = System.nanoTime();
    Exception last = null;
    while (System.nanoTime() - start < patience.toNanos()) {
      try {
        if (condition.holds()) {
          return Duration.ofNanos(System.nanoTime() - start);
        }
        last = null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (Exception e) {
        last = e;
      }
      pause(Duration.ofMillis(3));
    }
    throw new IllegalStateException("not within " + patience + ": " + what.get(), last);
  }

  /** The same with a plain text. */
  public static Duration until(String what, Duration patience, Condition condition) {
    return until(() -> what, patience, condition);
  }

  /** Lets a fault last. */
  public static void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
