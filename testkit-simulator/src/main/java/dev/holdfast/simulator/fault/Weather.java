package dev.holdfast.simulator.fault;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How a history is plagued.
 *
 * @param perCall how likely a fault is at one call of the storage, from 0 to 1
 * @param atCalls which faults happen at calls; one that stands there twice is twice as likely
 * @param others how many faults happen besides, at any time
 * @param hintsLost how likely a hint is lost, and how likely it is doubled
 * @param clockRate how far the monotonic clocks of nodes may be off, as a share
 * @param doesClockStep whether the storage's clock steps
 */
public record Weather(
    double perCall,
    List<FaultKind> atCalls,
    int others,
    double hintsLost,
    double clockRate,
    boolean doesClockStep) {

  private static final List<FaultKind> ALL = List.of(
      FaultKind.REFUSED,
      FaultKind.REFUSED,
      FaultKind.SLOW_CALL,
      FaultKind.SLOW_REPLY,
      FaultKind.LOST_REPLY,
      FaultKind.LOST_REPLY,
      FaultKind.LOST_REPLY,
      FaultKind.FREEZE_BEFORE,
      FaultKind.FREEZE_AFTER,
      FaultKind.CRASH_BEFORE,
      FaultKind.CRASH_AFTER,
      FaultKind.PARTITION,
      FaultKind.RESET);

  /** No fault at all. */
  public static final Weather CALM = new Weather(0, ALL, 0, 0, 0, false);

  private static final double[] RATES = {0.002, 0.005, 0.01, 0.02, 0.04};

  /** As chance decides: now and then calm, now and then one kind of fault only. */
  public static Weather of(RandomGenerator chance) {
    int mood = chance.nextInt(16);
    if (mood == 0) {
      return CALM;
    }
    double perCall = RATES[chance.nextInt(RATES.length)];
    List<FaultKind> kinds = mood < 5 ? List.of(ALL.get(chance.nextInt(ALL.size()))) : ALL;
    boolean doesClockStep = chance.nextInt(4) == 0;
    double clockRate = chance.nextBoolean() ? 0 : 0.03;
    double hintsLost = chance.nextInt(3) == 0 ? 1 : chance.nextDouble() * 0.4;
    return new Weather(perCall, kinds, chance.nextInt(5), hintsLost, clockRate, doesClockStep);
  }

  /** Whether nothing goes wrong. */
  public boolean isCalm() {
    return perCall == 0;
  }

  /** Whether all clocks go at one rate and without steps. */
  public boolean areClocksExact() {
    return clockRate == 0 && !doesClockStep;
  }
}
