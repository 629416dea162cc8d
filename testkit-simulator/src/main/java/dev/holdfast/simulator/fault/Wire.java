package dev.holdfast.simulator.fault;

import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.simulator.time.Actor;
import dev.holdfast.simulator.time.Gone;
import dev.holdfast.simulator.time.Timeline;
import java.util.function.Supplier;

/** The way of one process to the storage: every call passes here, and some have bad luck. */
public final class Wire {

  private static final long TIMEOUT = 400_000_000L;

  private final Timeline timeline;
  private final Actor process;
  private final Faults faults;
  private final Network network;
  private final Victim victim;
  private final long unit;
  private long cutUntil = -1;

  /** {@code unit} is the time to live of a session in nanoseconds: how long faults last. */
  public Wire(
      Timeline timeline, Actor process, Faults faults, Network network, Victim victim, long unit) {
    this.timeline = timeline;
    this.process = process;
    this.faults = faults;
    this.network = network;
    this.victim = victim;
    this.unit = unit;
  }

  /** What faults can do to a process beyond its calls. */
  public interface Victim {

    /** Dies. */
    void die();

    /** Loses its connections to the storage. */
    void disconnect();
  }

  /** Whether hints pass. */
  public boolean isCut() {
    return Math.max(cutUntil, network.downUntil()) > timeline.now();
  }

  /** Reaches the storage again. */
  public void heal() {
    cutUntil = -1;
  }

  /** Asks the storage. */
  public <T> T call(Supplier<T> question) {
    if (process.isGone() || timeline.actor() != process) {
      throw new Gone();
    }
    FaultKind fault = faults.atCall();
    if (fault != null) {
      faults.count(fault);
      before(fault);
    }
    requireConnection();
    T answer = question.get();
    if (fault != null) {
      after(fault);
    }
    return answer;
  }

  private void requireConnection() {
    long left = Math.max(cutUntil, network.downUntil()) - timeline.now();
    if (left > 0) {
      timeline.pause(Math.min(left, TIMEOUT));
      throw unavailable("no answer");
    }
  }

  private void before(FaultKind fault) {
    switch (fault) {
      case REFUSED -> throw unavailable("refused");
      case SLOW_CALL -> timeline.pause(faults.duration(unit));
      case FREEZE_BEFORE -> freeze();
      case CRASH_BEFORE -> die();
      case PARTITION -> cutUntil = timeline.now() + faults.duration(3 * unit);
      case RESET -> {
        victim.disconnect();
        throw unavailable("connection reset");
      }
      default -> {}
    }
  }

  private void after(FaultKind fault) {
    switch (fault) {
      case LOST_REPLY -> throw unavailable("the answer is lost");
      case SLOW_REPLY -> timeline.pause(faults.duration(unit));
      case FREEZE_AFTER -> freeze();
      case CRASH_AFTER -> die();
      default -> {}
    }
  }

  private void freeze() {
    process.freezeUntil(timeline.now() + faults.duration(3 * unit));
    timeline.pause(0);
  }

  private void die() {
    victim.die();
    throw new Gone();
  }

  private static StorageUnavailable unavailable(String why) {
    return new StorageUnavailable(why, new Lost());
  }

  /** What a driver would say; without a stack trace, since there are many. */
  private static final class Lost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Lost() {
      super("simulated", null, false, false);
    }
  }
}
