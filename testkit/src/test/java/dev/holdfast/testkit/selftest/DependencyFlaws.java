package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.inTx;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.Note;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ways to be wrong in who waits for whom. */
@SuppressWarnings("unchecked")
final class DependencyFlaws {

  private DependencyFlaws() {}

  static Stream<Flaw> ofDependencies() {
    return Stream.concat(ofEdges(), ofReleases());
  }

  private static Stream<Flaw> ofEdges() {
    Class<Flawed.Dependencies> contract = Flawed.Dependencies.class;
    var once = satisfyOnce();
    return Stream.of(
        new Flaw("satisfy that lowers once", contract, "satisfy_lowersByTheWholeNumber", once),
        new Flaw(
            "satisfy that lowers once", contract, "satisfy_andTake_workInOneTransaction", once),
        new Flaw(
            "downstream from the start",
            contract,
            "downstream_goesOnBehindATask",
            inTx(
                "dependencies",
                "downstream",
                (tx, args) -> tx.dependencies()
                    .downstream((Collection<TaskId>) args[0], null, (int) args[2]))),
        new Flaw(
            "link that forgets what is required",
            contract,
            "badEndOfAnUpstream_cancelsItsDependants",
            inTx("dependencies", "link", (tx, args) -> {
              tx.dependencies()
                  .link(((Collection<Edge>) args[0])
                      .stream()
                          .map(edge -> new Edge(edge.upstream(), edge.downstream(), false))
                          .toList());
              return null;
            })),
        new Flaw(
            "deferred that stays",
            contract,
            "takeDeferred_givesEachOnce",
            inTx("dependencies", "takeDeferred", (tx, args) -> {
              List<Deferred> taken = tx.dependencies().takeDeferred((int) args[0]);
              tx.dependencies().defer(taken);
              return taken;
            })));
  }

  private static UnaryOperator<Storage> satisfyOnce() {
    return inTx(
        "dependencies",
        "satisfy",
        (tx, args) -> tx.dependencies()
            .satisfy(((Map<TaskId, Integer>) args[0])
                .keySet().stream().collect(Collectors.toMap(task -> task, task -> 1))));
  }

  private static Stream<Flaw> ofReleases() {
    var once = satisfyOnce();
    return Stream.of(
        new Flaw(
            "mark that does nothing",
            Flawed.DependencyRace.class,
            "completion_duringALateDependence_setsTheDependantFree",
            inTx("places", "mark", (tx, args) -> Set.copyOf((Collection<TaskId>) args[0]))),
        new Flaw(
            "satisfy that lowers once",
            Flawed.DependencyRace.class,
            "completion_ofTwoUpstreamsAtOnce_countsBoth",
            once),
        new Flaw(
            "note that is always new",
            Flawed.DependencyRace.class,
            "replay_onAnOldEnd_isNoSecondOneAndStopsNoLane",
            inTx("facts", "note", (tx, args) -> FactFlaws.noteAll(tx, (Collection<Note>) args[0]))),
        new Flaw(
            "create that keeps half of what was refused",
            Flawed.DependencyRace.class,
            "create_ofWhatTheStorageCannotKeep_isRefusedWhole",
            new HalfCreating()));
  }

  /** Refuses what it cannot keep, after it has kept what came before it. */
  private static final class HalfCreating implements UnaryOperator<Storage> {

    @Override
    @SuppressWarnings("unchecked")
    public Storage apply(Storage sound) {
      Storage refusing = Broken.inTx("submissions", "create", (tx, args) -> {
            for (Birth birth : (Collection<Birth>) args[0]) {
              if (birth.payload().text().contains("\\u0000")) {
                throw new StorageRejected("no", new IllegalArgumentException());
              }
              tx.submissions().create(List.of(birth));
            }
            return null;
          })
          .apply(sound);
      return Broken.transacting(Broken::keeping).apply(refusing);
    }
  }
}
