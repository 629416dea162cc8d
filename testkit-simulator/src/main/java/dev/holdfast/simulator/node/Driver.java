package dev.holdfast.simulator.node;

import dev.holdfast.application.loop.Host.Pulse;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.simulator.time.Event;
import dev.holdfast.simulator.time.Gone;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Drives one loop in virtual time, by the rules of the real threads. */
final class Driver {

  private static final long FIRST_PAUSE = 50_000_000L;
  private static final long LONGEST_PAUSE = 2_000_000_000L;

  private final VirtualHost host;
  private final Loop loop;
  private final @Nullable Long term;
  private @Nullable Event next;
  private boolean isBusy;
  private boolean isWoken;
  private boolean isStopping;
  private int failuresInRow;
  private String lastFailure = "";
  private long lastGood;

  /** {@code term} is the one that the loop works for; null when it is no duty of a leader. */
  Driver(VirtualHost host, Loop loop, @Nullable Long term) {
    this.host = host;
    this.loop = loop;
    this.term = term;
    this.lastGood = host.nanos();
  }

  void start() {
    loop.wakeBy(this::wake);
    next = host.plan(host.latency(), this, this::tick);
  }

  Loop loop() {
    return loop;
  }

  @Nullable
  Long term() {
    return term;
  }

  boolean isBusy() {
    return isBusy;
  }

  void askToStop() {
    isStopping = true;
    drop();
  }

  private void drop() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  private void wake() {
    if (isBusy) {
      isWoken = true;
    } else if (failuresInRow == 0 && !isStopping) {
      drop();
      next = host.plan(host.latency(), this, this::tick);
    }
  }

  private void tick() {
    next = null;
    isBusy = true;
    isWoken = false;
    long pause;
    try {
      pause = loop.tick().toNanos();
      failuresInRow = 0;
      lastGood = host.nanos();
    } catch (Gone gone) {
      throw gone;
    } catch (RuntimeException | Error e) {
      failuresInRow++;
      lastFailure = e.toString();
      pause = backOff();
    } finally {
      isBusy = false;
    }
    if (!isStopping) {
      boolean isAtOnce = isWoken && failuresInRow == 0;
      next = host.plan(isAtOnce ? host.latency() : pause + host.latency(), this, this::tick);
    }
  }

  private long backOff() {
    long bounded = Math.min(FIRST_PAUSE << Math.min(failuresInRow - 1, 10), LONGEST_PAUSE);
    return bounded / 2 + host.random().nextLong(bounded / 2 + 1);
  }

  Pulse pulse() {
    double age = Duration.ofNanos(host.nanos() - lastGood).toMillis() / 1000.0;
    return new Pulse(loop.name(), true, age, failuresInRow, lastFailure);
  }
}
