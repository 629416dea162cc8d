package dev.holdfast.simulator.fault;

/** Whether the storage can be reached by anybody. */
public final class Network {

  private long downUntil = -1;

  /** Nobody reaches the storage until then, in nanoseconds of the timeline. */
  public void downUntil(long instant) {
    downUntil = Math.max(downUntil, instant);
  }

  /** Until when nobody reaches it; in the past when all do. */
  public long downUntil() {
    return downUntil;
  }

  /** Everybody reaches it again. */
  public void heal() {
    downUntil = -1;
  }
}
