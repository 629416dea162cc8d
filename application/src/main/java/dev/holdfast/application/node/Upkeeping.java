package dev.holdfast.application.node;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import java.time.Duration;

/** Rolls up counts and lets the storage tidy itself. */
final class Upkeeping implements Loop {

  private static final Duration POLL = Duration.ofSeconds(10);

  private final Storage storage;

  Upkeeping(Storage storage) {
    this.storage = storage;
  }

  @Override
  public String name() {
    return "upkeep";
  }

  @Override
  public Duration tick() {
    int rolledUp = storage.upkeep().rollUpCounts();
    storage.upkeep().tidy();
    return rolledUp == 0 ? POLL : POLL.dividedBy(4);
  }
}
