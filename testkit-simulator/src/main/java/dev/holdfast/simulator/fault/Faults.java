package dev.holdfast.simulator.fault;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws the faults of one history and counts them. */
public final class Faults {

  private final Weather weather;
  private final RandomGenerator chance;
  private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
  private boolean isOver;

  /** Faults as this weather has them. */
  public Faults(Weather weather, RandomGenerator chance) {
    this.weather = weather;
    this.chance = chance;
  }

  /** From now on nothing goes wrong any more. */
  public void heal() {
    isOver = true;
  }

  /** Whether nothing goes wrong any more. */
  public boolean isHealed() {
    return isOver;
  }

  /** Chance, for how long a fault lasts. */
  public RandomGenerator chance() {
    return chance;
  }

  /** The weather. */
  public Weather weather() {
    return weather;
  }

  /** What goes wrong at this call; mostly nothing. */
  public @Nullable FaultKind atCall() {
    if (isOver || weather.perCall() == 0 || chance.nextDouble() >= weather.perCall()) {
      return null;
    }
    return weather.atCalls().get(chance.nextInt(weather.atCalls().size()));
  }

  /** How many copies of a hint arrive: 0 to 2. */
  public int copiesOfHint() {
    double drawn = isOver || weather.isCalm() ? 1 : chance.nextDouble();
    if (drawn < weather.hintsLost()) {
      count(FaultKind.HINT_LOST);
      return 0;
    }
    if (drawn < weather.hintsLost() * 1.5 && drawn < 1) {
      count(FaultKind.HINT_DOUBLED);
      return 2;
    }
    return 1;
  }

  /** It happened. */
  public void count(FaultKind kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  /** How often each kind happened. */
  public Map<FaultKind, Integer> counts() {
    return counts;
  }

  /** Mostly short, now and then as long as {@code most} nanoseconds. */
  public long duration(long most) {
    double share = chance.nextDouble();
    return (long) (most * share * share);
  }
}
