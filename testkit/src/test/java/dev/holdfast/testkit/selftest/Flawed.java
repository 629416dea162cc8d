package dev.holdfast.testkit.selftest;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.testkit.InMemoryHarness;
import dev.holdfast.testkit.contract.ClaimContract;
import dev.holdfast.testkit.contract.DependenciesContract;
import dev.holdfast.testkit.contract.ElectionsContract;
import dev.holdfast.testkit.contract.FactsContract;
import dev.holdfast.testkit.contract.HistoryContract;
import dev.holdfast.testkit.contract.OutlookContract;
import dev.holdfast.testkit.contract.PlacesContract;
import dev.holdfast.testkit.contract.RunsContract;
import dev.holdfast.testkit.contract.SessionsContract;
import dev.holdfast.testkit.contract.SignalsContract;
import dev.holdfast.testkit.contract.StepsContract;
import dev.holdfast.testkit.contract.SubmissionsContract;
import dev.holdfast.testkit.contract.TransactionContract;
import dev.holdfast.testkit.contract.read.EventLogContract;
import dev.holdfast.testkit.contract.read.EventStreamContract;
import dev.holdfast.testkit.contract.read.RetentionContract;
import dev.holdfast.testkit.contract.read.StatsContract;
import dev.holdfast.testkit.contract.read.TaskListContract;
import dev.holdfast.testkit.contract.read.TaskQueriesContract;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.StorageHarness;
import dev.holdfast.testkit.race.CancelRaceContract;
import dev.holdfast.testkit.race.DependencyRaceContract;
import dev.holdfast.testkit.race.FenceRaceContract;
import dev.holdfast.testkit.race.HistoryRaceContract;
import dev.holdfast.testkit.race.RaceContract;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Each contract on the storage that is broken at the moment. Run by {@link ContractSelfTest}. */
final class Flawed {

  static final AtomicReference<UnaryOperator<Storage>> BREAKING =
      new AtomicReference<>(UnaryOperator.identity());

  private Flawed() {}

  private static StorageHarness broken() {
    return new FlawedHarness(new InMemoryHarness());
  }

  private static final class FlawedHarness implements StorageHarness {

    private final StorageHarness sound;
    private final Storage storage;

    FlawedHarness(StorageHarness sound) {
      this.sound = sound;
      this.storage = BREAKING.get().apply(sound.storage());
    }

    @Override
    public Storage storage() {
      return storage;
    }

    @Override
    public void advance(Duration step) {
      sound.advance(step);
    }

    @Override
    public Set<Capability> capabilities() {
      return sound.capabilities();
    }

    @Override
    public void close() {
      sound.close();
    }
  }

  static final class Transaction extends TransactionContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Submissions extends SubmissionsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Places extends PlacesContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Claim extends ClaimContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Runs extends RunsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Facts extends FactsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Steps extends StepsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class History extends HistoryContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Retention extends RetentionContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class HistoryRace extends HistoryRaceContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Dependencies extends DependenciesContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Sessions extends SessionsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Outlooks extends OutlookContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Elections extends ElectionsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Signals extends SignalsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class TaskQueries extends TaskQueriesContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class TaskList extends TaskListContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Stats extends StatsContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class EventLog extends EventLogContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class EventStream extends EventStreamContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class FenceRace extends FenceRaceContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class CancelRace extends CancelRaceContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class DependencyRace extends DependencyRaceContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }
  }

  static final class Race extends RaceContract {
    @Override
    protected StorageHarness open() {
      return broken();
    }

    @Override
    protected int taskCount() {
      return 300;
    }
  }
}
