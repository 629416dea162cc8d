package dev.holdfast.chaos.stage;

import dev.holdfast.chaos.history.Invariant;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.ChaosProxy;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.machine.PostgresPrograms;
import dev.holdfast.chaos.machine.Workplace;
import dev.holdfast.chaos.node.ChaosNode;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.trace.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL, nodes and a client, in a folder of their own, and all that watches them. */
public final class Stage implements AutoCloseable {

  /** The schema of the engine. */
  public static final String SCHEMA = "chaos";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private volatile Postgres postgres;
  private final ChaosProxy clientRoute;
  private final List<Postgres> standbys = new ArrayList<>();
  private final Random random;
  private final NodeLines lines;
  private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
  private final List<AutoCloseable> others = new ArrayList<>();
  private final List<Long> heals = new CopyOnWriteArrayList<>();
  private final Submitter client;
  private final Follower follower;
  private volatile @Nullable ChaosProxy mutation;

  private Stage(PostgresPrograms programs, Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
    this.lines = new NodeLines(folder.resolve("nodes.log"));
    this.postgres = Postgres.create(programs, folder.resolve("postgres"));
    try {
      postgres.execute("CREATE EXTENSION pg_stat_statements");
      // The database of the client may move, and its network may fail.
      this.clientRoute = new ChaosProxy(() -> postgres.port(), random.nextLong());
      this.client = new Submitter(Postgres.urlAt(clientRoute.port()), SCHEMA);
      postgres.execute(LeadHistory.CREATE.toArray(new String[0]));
      this.follower = new Follower(client.storage());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new one. */
  public static Stage open(PostgresPrograms programs, long seed) {
    return new Stage(programs, Workplace.create(), seed);
  }

  /** The database. */
  public Postgres postgres() {
    return postgres;
  }

  /** Every address of the database, for those who look for the primary by themselves. */
  public String url() {
    StringBuilder hosts = new StringBuilder("jdbc:postgresql://127.0.0.1:" + postgres.port());
    standbys.forEach(standby -> hosts.append(",127.0.0.1:").append(standby.port()));
    return hosts + "/postgres?targetServerType=primary";
  }

  /** This one may become the primary later. */
  public void standsBy(Postgres standby) {
    standbys.add(standby);
  }

  /** This one is the primary from now on. */
  public void moveTo(Postgres primary) {
    Postgres old = postgres;
    standbys.remove(primary);
    postgres = primary;
    others.add(old);
  }

  /** A network of its own to the database, for whoever is to be cut off. */
  public ChaosProxy proxy() {
    ChaosProxy proxy = new ChaosProxy(() -> postgres.port(), random.nextLong());
    others.add(proxy);
    return proxy;
  }

  /** The address for whoever does not ask for another: the database, or what changes it. */
  public String engineUrl() {
    ChaosProxy changed = mutation;
    return changed == null ? postgres.url() : Postgres.urlAt(changed.port());
  }

  /** Plants a bug: these statements instead of the engine's, and these changes of the schema. */
  public void mutate(Map<String, String> statements, List<String> schema) throws SQLException {
    ChaosProxy changed = proxy();
    changed.rewrite(statements);
    mutation = changed;
    postgres.execute(schema.toArray(new String[0]));
  }

  /** The network of the client, which fails no more than it is told to. */
  public ChaosProxy clientRoute() {
    return clientRoute;
  }

  /** The client. */
  public Submitter client() {
    return client;
  }

  /** Seeded chance. */
  public Random random() {
    return random;
  }

  /** Where everything is. */
  public Path folder() {
    return folder;
  }

  /** What nodes say of themselves. */
  public NodeLines lines() {
    return lines;
  }

  /** Closes something with the stage. */
  public void closeLater(AutoCloseable other) {
    others.add(other);
  }

  /** Starts a node, anew when it ran before; does not wait. */
  public NodeProcess start(NodeSpec spec) {
    List<String> options = new ArrayList<>();
    options.add("-Dnode=" + spec.name());
    options.add("-Drole=" + spec.role());
    options.add("-Dslots=" + spec.slots());
    options.add("-Dlabels=" + spec.labels());
    options.add("-Durl=" + (spec.url().isEmpty() ? engineUrl() : spec.url()));
    options.add("-Dschema=" + SCHEMA);
    options.add("-Dfolder=" + folder);
    options.addAll(spec.options());
    NodeProcess process = NodeProcess.start(
        spec.name(), folder, options, spec.environment(), List.of(ChaosNode.class.getName()));
    return add(process);
  }

  /** Takes over a process that was started elsewhere, in the place of one of that name. */
  public NodeProcess add(NodeProcess process) {
    NodeProcess before = nodes.put(process.name(), process);
    if (before != null && before.isAlive()) {
      others.add(before);
    }
    return process;
  }

  /** Starts nodes and waits until each works. */
  public void startAll(NodeSpec... specs) {
    List<NodeProcess> started = Stream.of(specs).map(this::start).toList();
    started.forEach(this::awaitReady);
  }

  /** Waits until the engine of a process runs. */
  public void awaitReady(NodeProcess process) {
    Await.until(
        () -> process.name() + " is ready: " + process.output(),
        PATIENCE,
        () -> isReady(process) || !process.isAlive());
    if (!isReady(process)) {
      throw new IllegalStateException(process.name() + " has ended: " + process.output());
    }
  }

  private boolean isReady(NodeProcess process) {
    return lines.all().stream()
        .anyMatch(line -> line.mark() == Mark.READY && line.process() == process.pid());
  }

  /** A node by its name. */
  public NodeProcess node(String name) {
    NodeProcess process = nodes.get(name);
    if (process == null) {
      throw new IllegalArgumentException("no node " + name);
    }
    return process;
  }

  /** Every node's newest process. */
  public List<NodeProcess> nodes() {
    return List.copyOf(nodes.values());
  }

  /** Who leads by the database's word; empty when nobody does. */
  public String leader() throws SQLException {
    return LeadHistory.leader(postgres);
  }

  /** Waits until somebody leads. */
  public String awaitLeader() {
    String[] found = {""};
    Await.until("a leader", PATIENCE, () -> {
      found[0] = leader();
      return !found[0].isEmpty();
    });
    return found[0];
  }

  /**
   * Waits until the server has been up for longer than the time to live of sessions: before,
   * absent connections say nothing.
   */
  public void awaitTrust() {
    Await.until("a server that is not young", PATIENCE, () -> postgres.number("""
        SELECT count(*) WHERE clock_timestamp() - pg_postmaster_start_time() > interval '10.5 s'
        """) == 1);
  }

  /** Opens the gate that tasks of type {@code hold} wait at. */
  public void openGate(int gate) {
    try {
      Files.createFile(folder.resolve("gate-" + gate));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until no task is live, and every end is told. */
  public Duration awaitAllEnded(Duration patience) {
    return Await.until(
        () -> "every task has ended; live: " + live(),
        patience,
        () -> postgres.number(Evidence.UNTOLD) == 0);
  }

  private String live() {
    try {
      return Long.toString(postgres.number("SELECT count(*) FROM chaos.place"));
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** A fault is over: from here on work must go on. */
  public void healed() {
    heals.add(System.nanoTime());
  }

  /**
   * Waits until no task is live and checks all that happened.
   *
   * @throws IllegalStateException with every violation
   */
  public History check(Duration patience) {
    awaitAllEnded(patience);
    History history = HistoryReader.read(postgres, client, lines, follower, List.copyOf(heals));
    List<String> violations = Invariant.violations(history);
    if (!violations.isEmpty()) {
      throw new IllegalStateException(String.join("\n", violations));
    }
    return history;
  }

  @Override
  public void close() {
    try {
      follower.close();
      client.close();
    } finally {
      nodes.values().forEach(NodeProcess::close);
      others.forEach(Stage::close);
      clientRoute.close();
      postgres.close();
      Workplace.remove(folder);
    }
  }

  private static void close(AutoCloseable other) {
    try {
      other.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
