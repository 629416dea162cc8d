package dev.holdfast.testkit.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * What all contracts share: a fresh storage for each test, samples, and the seed in the report of
 * a failure. A subclass names the harness and nothing else.
 */
public abstract class StorageContract {

  private final Samples samples = Samples.seeded();
  private @Nullable StorageHarness harness;

  /** Tells the seed of a failed test, so that it can be run again with it. */
  @RegisterExtension
  final TestExecutionExceptionHandler seedTeller = (context, failure) -> {
    failure.addSuppressed(
        new IllegalStateException("samples were drawn with seed " + samples.seed()));
    throw failure;
  };

  /** A fresh, empty storage. */
  protected abstract StorageHarness open();

  @BeforeEach
  final void openHarness() {
    harness = open();
  }

  @AfterEach
  final void closeHarness() {
    if (harness != null) {
      harness.close();
    }
  }

  /** The harness of this test. */
  protected final StorageHarness harness() {
    if (harness == null) {
      throw new IllegalStateException("no test is running");
    }
    return harness;
  }

  /** The storage under test. */
  protected final Storage storage() {
    return harness().storage();
  }

  /** Sensible values. */
  protected final Samples samples() {
    return samples;
  }

  /** What a use case would do with the storage. */
  protected final Steps steps() {
    return new Steps(storage(), samples);
  }

  /** The commands that look again. */
  protected final Commands commands() {
    return new Commands(storage(), samples);
  }

  /** The storage's time. */
  protected final Instant now() {
    return storage().transact(StorageTx::now);
  }

  /** Moves the storage's clock on. */
  protected final void advance(Duration step) {
    harness().advance(step);
  }

  /** Runs one transaction that answers nothing. */
  protected final void transact(Consumer<StorageTx> work) {
    storage().transact(tx -> {
      work.accept(tx);
      return true;
    });
  }

  /** Skips the test when the storage cannot do this. */
  protected final void requires(Capability capability) {
    assumeTrue(
        harness().capabilities().contains(capability), () -> "storage without " + capability);
  }
}
