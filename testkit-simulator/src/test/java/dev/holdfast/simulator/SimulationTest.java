package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.simulator.fault.FaultKind;
import dev.holdfast.simulator.node.Bend;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulationTest {

  private static final int SEEDS = 1000;

  @Test
  void cluster_keepsItsPromisesInAThousandHistories() throws InterruptedException {
    Campaign.Result result = new Campaign(() -> Bend.NONE).run(1, SEEDS, Duration.ofMinutes(2));

    History failed = result.failed();
    assertThat(failed == null ? "" : failed.broken() + ", see it again: " + failed.command())
        .isEmpty();
    assertThat(result.histories()).isEqualTo(SEEDS);
    assertThat(result.faults()).containsOnlyKeys(FaultKind.values());
    assertThat(result.allFaults()).isGreaterThan(10 * SEEDS);
    assertThat(result.tasks()).isGreaterThan(15 * SEEDS);
  }

  @Test
  void seed_decidesTheWholeHistory() throws InterruptedException {
    for (long seed = 1; seed <= 30; seed++) {
      assertThat(Simulation.of(seed)).isEqualTo(Simulation.of(seed));
    }
    assertThat(Simulation.of(1).fingerprint()).isNotEqualTo(Simulation.of(2).fingerprint());
  }

  @Test
  void history_tellsWhatHappenedWhenAsked() throws InterruptedException {
    History silent = new Simulation(3, Bend.NONE, false).run();
    History told = new Simulation(3, Bend.NONE, true).run();

    assertThat(silent.trace()).isEmpty();
    assertThat(told.trace()).contains("event completed");
    assertThat(told.fingerprint()).isEqualTo(silent.fingerprint());
    assertThat(told.command()).isEqualTo("make simulate SEED=3 SEEDS=1");
  }

  @Test
  void exception_thatNobodyExpects_isABrokenPromise() throws InterruptedException {
    Bend bend = new Bend() {
      @Override
      public Storage client(Storage faulty, Site site) {
        throw new IllegalStateException("of a bug");
      }
    };

    assertThat(new Simulation(1, bend, false).run().broken()).contains("of a bug");
  }

  @Test
  void storage_thatNeverAnswers_keepsEverythingFromEnding() throws InterruptedException {
    Bend bend = new Bend() {
      @Override
      public Storage client(Storage faulty, Site site) {
        return (Storage) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, given) -> {
              if (method.getName().equals("transact")) {
                throw new StorageUnavailable("never", new IllegalStateException("simulated"));
              }
              return method.invoke(faulty, given);
            });
      }
    };

    assertThat(new Simulation(1, bend, false).run().broken())
        .isEqualTo("L1: a submission is never accepted");
  }
}
