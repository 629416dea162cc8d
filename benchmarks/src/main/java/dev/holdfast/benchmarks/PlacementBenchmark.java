package dev.holdfast.benchmarks;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.placement.Placement;
import dev.holdfast.domain.placement.Verdict;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to say which of a thousand lanes a node serves, and why it does not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class PlacementBenchmark {

  private static final int LANES = 1000;
  private static final TypeName TYPE = new TypeName("bench");

  private final NodeProfile node = new NodeProfile(
      new NodeId("node-7"),
      Map.of("zone", "b", "gpu", "no"),
      Set.of(TYPE, new TypeName("other")),
      NodeCondition.HEALTHY,
      8);
  private final List<Constraints> lanes = lanes();

  private static List<Constraints> lanes() {
    List<Constraints> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(Constraints.of(
          lane % 3 == 0 ? Map.of() : Map.of("zone", lane % 3 == 1 ? "a" : "b"),
          lane % 5 == 0 ? List.of(new NodeId("node-" + lane % 20)) : null,
          lane % 7 == 0 ? List.of(new NodeId("node-7")) : List.of()));
    }
    return lanes;
  }

  /** All lanes, as a node that has just started asks. */
  @Benchmark
  public int servesOfAThousandLanes() {
    int served = 0;
    for (Constraints lane : lanes) {
      served += Placement.serves(node, TYPE, lane) ? 1 : 0;
    }
    return served;
  }

  /** One lane, with every reason. */
  @Benchmark
  public Verdict isExplained() {
    return Placement.judge(node, TYPE, lanes.get(1));
  }
}
