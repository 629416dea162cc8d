package dev.holdfast.bootstrap.demo;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.bootstrap.config.HoldfastConfig.StorageConfig;
import dev.holdfast.bootstrap.remote.Document;
import dev.holdfast.bootstrap.terminal.Terminal;
import dev.holdfast.bootstrap.wiring.CannotStart;
import dev.holdfast.bootstrap.wiring.Storages;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.task.TaskState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Runs a cluster, gives it tasks, kills its nodes if that is wished, and says what came of it. Run
 * it once, from one thread; it may be closed and killed by any.
 */
public final class ClusterDemo implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(60);
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Wishes wishes;
  private final StorageConfig.Postgres database;
  private final Path folder;
  private final DemoCluster cluster;
  private final TaskStream tasks;
  private final EventWatch watch;
  private final Chaos chaos;
  private final DemoView view;
  private long begun;

  /**
   * What is wished for.
   *
   * @param perSecond how many tasks are submitted
   * @param chaos whether nodes are killed
   * @param length after which it ends by itself; zero for never
   */
  public record Wishes(int nodes, int slots, int perSecond, boolean chaos, Duration length) {}

  /** Nothing runs yet; the nodes' logs go into {@code folder}. */
  public ClusterDemo(
      Wishes wishes,
      StorageConfig.Postgres database,
      Path folder,
      JsonMapper mapper,
      PrintWriter out,
      Terminal terminal) {
    this.wishes = wishes;
    this.database = database;
    this.folder = folder;
    RandomGenerator random = RandomGenerator.getDefault();
    this.cluster = new DemoCluster(wishes.nodes(), wishes.slots(), database, folder, mapper);
    this.tasks = new TaskStream(cluster, wishes.perSecond(), random);
    this.watch = new EventWatch(cluster, mapper);
    this.chaos = new Chaos(cluster, EVERY, random, watch, InstantSource.system());
    this.view = new DemoView(
        out, terminal, "holdfast demo cluster: " + wishes.nodes() + " nodes on " + database.url());
  }

  /**
   * What came of it.
   *
   * @param open accepted, and neither ended nor lost
   */
  public record Result(
      long submitted,
      long completed,
      long open,
      long lost,
      int kills,
      Duration longestGap,
      Duration longestPause) {

    /** For people, on one line. */
    public String text() {
      return "submitted " + submitted + ", completed " + completed
          + (open == 0 ? "" : ", open " + open)
          + ", lost " + lost
          + ", kills " + kills
          + ", longest gap " + Kill.seconds(longestGap)
          + ", longest pause without a completion " + Kill.seconds(longestPause);
    }
  }

  /** Runs until its time is over, or until somebody wants its end. */
  public Result run(BooleanSupplier isEnough) throws InterruptedException {
    view.begin();
    cluster.nodes().forEach(DemoNode::start);
    awaitLeader(isEnough);
    Thread watching = Thread.ofVirtual().name("demo-events").start(watch);
    Thread submitting = Thread.ofVirtual().name("demo-tasks").start(tasks);
    begun = System.nanoTime();
    while (!isEnough.getAsBoolean() && !isOver()) {
      look(wishes.chaos());
      Thread.sleep(LOOK);
    }
    tasks.stop();
    if (!isEnough.getAsBoolean()) {
      chaos.end();
    }
    submitting.join();
    drain(isEnough);
    view.end(chaos.kills());
    watch.stop();
    watching.join(Duration.ofSeconds(2));
    cluster.close();
    return result();
  }

  private boolean isOver() {
    return !wishes.length().isZero()
        && System.nanoTime() - begun >= wishes.length().toNanos();
  }

  private void awaitLeader(BooleanSupplier isEnough) throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!isEnough.getAsBoolean() && cluster.read("/v1/leader").get("node") == null) {
      boolean isAnyAlive = cluster.nodes().stream().anyMatch(DemoNode::isAlive);
      if (!isAnyAlive || System.nanoTime() > end) {
        throw new CannotStart(
            "the nodes of the demo did not start; see their logs in " + folder,
            new IllegalStateException("no leader"));
      }
      Thread.sleep(LOOK);
    }
  }

  private void look(boolean mayKill) throws InterruptedException {
    Document leader = cluster.read("/v1/leader");
    Document stats = cluster.read("/v1/stats");
    if (mayKill) {
      chaos.look(leader, stats);
    }
    List<String> alive =
        cluster.nodes().stream().filter(DemoNode::isAlive).map(DemoNode::name).toList();
    Document nodes = cluster.read("/v1/nodes");
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
    view.show(new DemoView.Picture(
        elapsed, nodes, leader, stats, alive, tasks.accepted(), watch.completed(), chaos.kills()));
  }

  /** What was accepted shall end before the nodes do. */
  private void drain(BooleanSupplier isEnough) throws InterruptedException {
    long end = System.nanoTime() + DRAIN.toNanos();
    while (!isEnough.getAsBoolean()
        && watch.completed() < tasks.accepted()
        && System.nanoTime() < end) {
      look(false);
      Thread.sleep(LOOK);
    }
  }

  /** By what the database itself has, when no node runs any more. */
  private Result result() {
    Map<TaskState, Long> counts = counts();
    long completed = counts.getOrDefault(TaskState.COMPLETED, 0L);
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    List<Kill> kills = chaos.kills();
    Duration gap = kills.stream().map(Kill::gap).max(Duration::compareTo).orElse(Duration.ZERO);
    long submitted = Math.max(tasks.accepted(), all);
    return new Result(
        submitted,
        completed,
        all - completed,
        submitted - all,
        kills.size(),
        gap,
        watch.longestPause());
  }

  private Map<TaskState, Long> counts() {
    try (Storage storage = Storages.open(database, InstantSource.system())) {
      var totals = new EnumMap<TaskState, Long>(TaskState.class);
      storage
          .tasks()
          .stats()
          .queues()
          .values()
          .forEach(
              states -> states.forEach((state, count) -> totals.merge(state, count, Long::sum)));
      return totals;
    }
  }

  /** Ends whatever still runs. */
  @Override
  public void close() {
    watch.stop();
    tasks.stop();
    cluster.close();
  }

  /** Ends whatever still runs, at once. */
  public void kill() {
    cluster.kill();
  }
}
