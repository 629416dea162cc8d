package dev.holdfast.simulator.node;

import dev.holdfast.simulator.time.Timeline;
import dev.holdfast.testkit.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The clock of the storage: goes with the timeline, and steps. */
public final class StorageClock implements InstantSource {

  private final Timeline timeline;
  private Duration offset = Duration.ZERO;

  /** Stands at the epoch of virtual clocks. */
  public StorageClock(Timeline timeline) {
    this.timeline = timeline;
  }

  @Override
  public Instant instant() {
    return VirtualClock.EPOCH.plusNanos(timeline.now()).plus(offset);
  }

  void step(Duration by) {
    offset = offset.plus(by);
  }
}
