package dev.holdfast.simulator;

import dev.holdfast.simulator.fault.FaultKind;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one simulation did.
 *
 * @param steps how many events happened
 * @param lasted how long it lasted in virtual time
 * @param faults how often each kind of fault happened
 * @param tasks how many tasks there were
 * @param fingerprint equal for equal histories
 * @param broken which promise was broken and how; null when all were kept
 * @param trace the last things that happened, when they were asked for
 */
public record History(
    long seed,
    long steps,
    Duration lasted,
    Map<FaultKind, Integer> faults,
    int tasks,
    long fingerprint,
    @Nullable String broken,
    String trace) {

  /** How to see it again. */
  public String command() {
    return "make simulate SEED=" + seed + " SEEDS=1";
  }
}
