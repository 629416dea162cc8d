package dev.holdfast.application.engine;

import java.util.List;

/**
 * Whether a node is well.
 *
 * @param live what must hold for the process to be worth keeping; never depends on the storage
 * @param ready what must hold for it to be given traffic
 */
public record Health(List<Check> live, List<Check> ready) {

  public Health {
    live = List.copyOf(live);
    ready = List.copyOf(ready);
  }

  /** One thing that was looked at; {@code detail} says what is wrong, or how it is. */
  public record Check(String name, boolean ok, String detail) {}

  /** Whether everything that live depends on holds. */
  public boolean isLive() {
    return live.stream().allMatch(Check::ok);
  }

  /** Whether everything that ready depends on holds. */
  public boolean isReady() {
    return ready.stream().allMatch(Check::ok);
  }
}
