package dev.holdfast.testkit.harness;

import dev.holdfast.domain.port.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** One fresh, empty storage for one test, and the power over its clock. */
public interface StorageHarness extends AutoCloseable {

  /** The storage under test; after {@link #reopen} the reopened one. */
  Storage storage();

  /** Moves the storage's clock on; the storage may move it on by itself, too. */
  void advance(Duration step);

  /** What this storage can do beyond the common. */
  default Set<Capability> capabilities() {
    return Set.of();
  }

  /**
   * Closes the storage and opens it on the same data.
   *
   * @throws UnsupportedOperationException without {@link Capability#DURABLE}
   */
  default void reopen() {
    throw new UnsupportedOperationException("not durable");
  }

  /**
   * The same data as another process sees it; the harness closes it. Without {@link
   * Capability#MANY_PROCESSES} the storage itself.
   */
  default Storage another() {
    return storage();
  }

  /** The unit in which this storage keeps instants. */
  default ChronoUnit timePrecision() {
    return ChronoUnit.MICROS;
  }

  /** The instant as this storage keeps it. */
  default Instant kept(Instant instant) {
    return instant.truncatedTo(timePrecision());
  }

  /** Gives everything back, the storage included, also when that is closed already. */
  @Override
  void close();
}
