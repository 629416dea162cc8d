package dev.holdfast.benchmarks;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.value.Json;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.util.List;
import java.util.Map;
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

/** What a payload of a typed handler costs on its way in and out, and its canonical form. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class JsonBenchmark {

  private final JsonMapper mapper = new JacksonJsonMapper();
  private final Order order = new Order("A-1001", "ada@example.org", List.of("pen", "ink"), 12.5);
  private final Json text = mapper.write(order);

  /** An order of a shop. */
  public record Order(String id, String customer, List<String> items, double total) {}

  /** Text to record. */
  @Benchmark
  public Order isRead() {
    return mapper.read(text, Order.class);
  }

  /** Record to text. */
  @Benchmark
  public Json isWritten() {
    return mapper.write(order);
  }

  /** Text to tree. */
  @Benchmark
  public Map<?, ?> isReadAsTree() {
    return mapper.read(text, Map.class);
  }

  /** The form in which equal documents are equal texts. */
  @Benchmark
  public String isMadeCanonical() {
    return mapper.canonical(text);
  }
}
