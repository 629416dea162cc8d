package dev.holdfast.testkit;

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
import dev.holdfast.testkit.harness.StorageContract;
import dev.holdfast.testkit.race.CancelRaceContract;
import dev.holdfast.testkit.race.DependencyRaceContract;
import dev.holdfast.testkit.race.FenceRaceContract;
import dev.holdfast.testkit.race.HistoryRaceContract;
import dev.holdfast.testkit.race.RaceContract;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which contracts there are, so that a test can tell whether an adapter answers to each. */
public final class Contracts {

  /** Every contract that a storage must pass. */
  public static final Set<Class<? extends StorageContract>> ALL = Set.of(
      TransactionContract.class,
      SubmissionsContract.class,
      PlacesContract.class,
      ClaimContract.class,
      RunsContract.class,
      FactsContract.class,
      DependenciesContract.class,
      SessionsContract.class,
      OutlookContract.class,
      StepsContract.class,
      HistoryContract.class,
      HistoryRaceContract.class,
      RetentionContract.class,
      ElectionsContract.class,
      SignalsContract.class,
      TaskQueriesContract.class,
      TaskListContract.class,
      StatsContract.class,
      EventLogContract.class,
      EventStreamContract.class,
      FenceRaceContract.class,
      CancelRaceContract.class,
      DependencyRaceContract.class,
      RaceContract.class);

  private Contracts() {}

  /** The contracts that none of these classes extends. */
  public static Set<Class<? extends StorageContract>> missingFrom(Collection<Class<?>> tests) {
    Set<Class<? extends StorageContract>> missing = new LinkedHashSet<>(ALL);
    missing.removeIf(
        contract -> tests.stream().anyMatch(test -> test != contract && isA(contract, test)));
    return missing;
  }

  private static boolean isA(Class<?> contract, Class<?> test) {
    return contract.isAssignableFrom(test);
  }
}
