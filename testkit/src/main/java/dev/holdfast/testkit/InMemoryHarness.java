package dev.holdfast.testkit;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.util.Set;

/** An in-memory storage under a virtual clock. */
public final class InMemoryHarness implements StorageHarness {

  private final VirtualClock clock = new VirtualClock();
  private final Storage storage = new InMemoryStorage(clock);

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public void advance(Duration step) {
    clock.advance(step);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.CLUSTER);
  }

  @Override
  public void close() {
    storage.close();
  }
}
