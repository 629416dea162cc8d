package dev.holdfast.testkit.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.testkit.Contracts;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The contract finds what it is there to find: each rule fails on a storage that breaks it. */
final class ContractSelfTest {

  static Stream<Flaw> flaws() {
    return Stream.of(
            SubmitFlaws.ofTransactions(),
            SubmitFlaws.ofSubmissions(),
            PlaceFlaws.ofPlaces(),
            FactFlaws.ofFacts(),
            StepFlaws.ofSteps(),
            HistoryFlaws.ofHistory(),
            DependencyFlaws.ofDependencies(),
            ClaimFlaws.ofClaims(),
            RunFlaws.ofRuns(),
            RunFlaws.ofRaces(),
            SessionFlaws.ofSessions(),
            OutlookFlaws.ofOutlooks(),
            CoordinationFlaws.ofElections(),
            CoordinationFlaws.ofSignals(),
            ReadFlaws.ofTasks(),
            ReadFlaws.ofEvents())
        .flatMap(flaws -> flaws);
  }

  @ParameterizedTest
  @MethodSource("flaws")
  void rule_failsOnAStorageThatBreaksIt(Flaw flaw) {
    TestExecutionSummary sound = run(flaw, UnaryOperator.identity());
    assertThat(sound.getTestsSucceededCount()).as("on a sound storage").isEqualTo(1);

    TestExecutionSummary broken = run(flaw, flaw.breaking());

    assertThat(broken.getTestsStartedCount()).isEqualTo(1);
    assertThat(broken.getTestsFailedCount()).as("%s", flaw).isEqualTo(1);
  }

  @Test
  void failure_tellsTheSeed() {
    Flaw flaw = PlaceFlaws.ofPlaces().findFirst().orElseThrow();

    TestExecutionSummary broken = run(flaw, flaw.breaking());

    assertThat(broken.getFailures().getFirst().getException().getSuppressed())
        .anySatisfy(told -> assertThat(told).hasMessageContaining("seed"));
  }

  @Test
  void everyContract_hasAFlawThatItFinds() {
    List<Class<?>> broken = flaws().<Class<?>>map(Flaw::contract).distinct().toList();

    assertThat(Contracts.missingFrom(broken)).isEmpty();
  }

  @Test
  void missingFrom_namesContractsWithoutASubclass() {
    assertThat(Contracts.missingFrom(List.of())).isEqualTo(Contracts.ALL);
    assertThat(Contracts.missingFrom(List.copyOf(Contracts.ALL))).isEqualTo(Contracts.ALL);
    assertThat(Contracts.missingFrom(Arrays.<Class<?>>asList(Flawed.class.getDeclaredClasses())))
        .isEmpty();
  }

  private static TestExecutionSummary run(Flaw flaw, UnaryOperator<Storage> breaking) {
    Class<? extends StorageContract> contract = flaw.contract();
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(selectMethod(contract, flaw.rule()))
        .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    Flawed.BREAKING.set(breaking);
    try {
      LauncherFactory.create().execute(request, listener);
    } finally {
      Flawed.BREAKING.set(UnaryOperator.identity());
    }
    return listener.getSummary();
  }
}
