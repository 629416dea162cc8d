package dev.holdfast.testkit.harness;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeStart.Mode;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskDefinition.Identity;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sensible values of everything that a storage keeps, drawn with a seed. Safe for concurrent use.
 *
 * <p>The seed is random unless the system property {@value #SEED_PROPERTY} gives one.
 */
public final class Samples {

  /** The system property that fixes the seed. */
  public static final String SEED_PROPERTY = "holdfast.seed";

  /** How long the sessions of the samples live without a heartbeat. */
  public static final Duration TIME_TO_LIVE = Duration.ofSeconds(10);

  /** After which the sample nodes are counted on no more. */
  public static final Duration STALE_AFTER = TIME_TO_LIVE.dividedBy(3);

  private static final long FIRST_ID_MILLIS =
      Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

  private final long seed;
  private final Random random;
  private final AtomicLong idMillis = new AtomicLong(FIRST_ID_MILLIS);

  /** With this seed. */
  public Samples(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** With the seed of the system property, or a random one. */
  public static Samples seeded() {
    Long given = Long.getLong(SEED_PROPERTY);
    return new Samples(given == null ? ThreadLocalRandom.current().nextLong() : given);
  }

  /** What to give as {@value #SEED_PROPERTY} to see the same again. */
  public long seed() {
    return seed;
  }

  /** The source of the samples' randomness. */
  public Random random() {
    return random;
  }

  /** A UUID of version 7, greater than all before it. */
  public TaskId taskId() {
    long high = idMillis.incrementAndGet() << 16 | 0x7000 | random.nextInt(1 << 12);
    long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
    return new TaskId(new UUID(high, low));
  }

  /** A task with every default. */
  public NewTask task() {
    return NewTask.of("echo", new Json("{\"n\": " + random.nextInt(1000) + "}"));
  }

  /** Its definition when it is submitted at {@code now}. */
  public TaskDefinition define(NewTask task, Instant now) {
    return new TaskDefinition(
        taskId(),
        task.address(),
        task.priority(),
        task.policy(),
        task.constraints(),
        new Identity(task.idempotencyKey(), null, task.ref(), task.tags()),
        now,
        switch (task.due()) {
          case Due.Now ignored -> null;
          case Due.At at -> at.instant().isAfter(now) ? at.instant() : null;
          case Due.After after -> now.plus(after.delay());
        });
  }

  /** A birth that waits for {@code open} other tasks. */
  public Birth birth(NewTask task, Instant now, int open) {
    TaskDefinition definition = define(task, now);
    return new Birth(definition, task.payload(), Lifecycle.born(definition, open, Marks.NONE));
  }

  /** A birth that waits for nobody. */
  public Birth birth(NewTask task, Instant now) {
    return birth(task, now, 0);
  }

  /** A definition that has everything. */
  public TaskDefinition rich(Instant now) {
    RetryPolicy retry = new RetryPolicy(
        BackoffStrategy.LINEAR,
        Duration.ofMillis(1500),
        Duration.ofMinutes(2),
        0.5,
        List.of("java.lang.IllegalArgumentException", "timeout"));
    RunPolicy policy = new RunPolicy(
        7, retry, Duration.ofMillis(2500), Duration.ofDays(3).plusNanos(1000), WorkerLoss.FAIL);
    Constraints constraints = Constraints.of(
        Map.of("zone", "a b", "gpü", "=1:x"),
        List.of(new NodeId("n1"), new NodeId("n2")),
        List.of(new NodeId("n3")));
    Identity identity =
        new Identity("key \"1\"", taskId(), "a ref", List.of("red", "it's", "käse 😀"));
    return new TaskDefinition(
        taskId(),
        NewTask.of("typ-e.1", Json.NULL).inQueue("mail").address(),
        2,
        policy,
        constraints,
        identity,
        now,
        now.plusSeconds(3600));
  }

  /** An error that has everything. */
  public TaskError error() {
    TaskError cause = new TaskError("java.io.IOException", "disk full", "at Disk.java:7", null);
    return new TaskError("app.Broken", "it's \"broken\" 😀", "at App.java:1\n\tat B.java:2", cause);
  }

  /** A node that runs {@code echo} in eight slots. */
  public NodeStart node(String name) {
    return new NodeStart(
        new NodeId(name),
        "http://" + name + ":8080",
        Map.of("zone", "a"),
        Set.of(new TypeName("echo")),
        8,
        STALE_AFTER,
        TIME_TO_LIVE,
        Mode.MEMBER);
  }

  /** The same node, with the storage for itself. */
  public NodeStart exclusive(String name) {
    return inMode(name, Mode.ALONE);
  }

  /** The same node, in some mode. */
  public NodeStart inMode(String name, Mode mode) {
    NodeStart node = node(name);
    return new NodeStart(
        node.node(),
        node.address(),
        node.labels(),
        node.types(),
        node.slots(),
        node.staleAfter(),
        node.timeToLive(),
        mode);
  }
}
