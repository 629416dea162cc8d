package dev.holdfast.chaos.stage;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.trace.ClientOp;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A client: submits under idempotency keys, again and again until it is told that the tasks were
 * accepted, and writes down each try. An engine that reads only, in the suite's own process. Safe
 * for concurrent use.
 */
public final class Submitter implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PostgresStorage storage;
  private final Engine engine;
  private final List<ClientOp> log = new ArrayList<>();

  Submitter(String url, String schema) {
    this.storage = PostgresStorage.open(PostgresSettings.of(url, "postgres", "").inSchema(schema));
    ClusterSettings defaults = ClusterSettings.DEFAULT;
    this.engine = new EngineBuilder(
            storage,
            new JacksonJsonMapper(),
            EngineSettings.of(new NodeId("client")).withSlots(0))
        .cluster(new ClusterSettings(
            Role.OBSERVER, defaults.leaderLease(), defaults.leaderRenew(), defaults.watch()))
        .start();
  }

  /**
   * Submits until it is acknowledged.
   *
   * @param tasks each with an idempotency key
   */
  public List<TaskId> submit(List<NewTask> tasks) {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      add(ClientOp.Kind.INVOKE, tasks, List.of());
      try {
        SubmitAnswer answer = engine.tasks().submit(tasks);
        if (answer instanceof SubmitAnswer.Accepted accepted) {
          List<TaskId> ids =
              accepted.receipts().stream().map(SubmitAnswer.Receipt::id).toList();
          add(ClientOp.Kind.OK, tasks, ids);
          return ids;
        }
        add(ClientOp.Kind.FAIL, tasks, List.of());
        if (!(answer instanceof SubmitAnswer.Overloaded)) {
          throw new IllegalStateException("refused: " + answer);
        }
      } catch (StorageUnavailable e) {
        add(ClientOp.Kind.UNKNOWN, tasks, List.of());
      }
      if (System.nanoTime() > giveUpAt) {
        throw new IllegalStateException("no acknowledgement within " + PATIENCE);
      }
      Await.pause(Duration.ofMillis(20));
    }
  }

  private synchronized void add(ClientOp.Kind kind, List<NewTask> tasks, List<TaskId> ids) {
    long now = System.nanoTime();
    for (int i = 0; i < tasks.size(); i++) {
      String key = Objects.requireNonNull(tasks.get(i).idempotencyKey());
      log.add(new ClientOp(kind, key, ids.isEmpty() ? "" : ids.get(i).toString(), now));
    }
  }

  /** Writes down what another client did. */
  public synchronized void note(ClientOp.Kind kind, String key, String task) {
    log.add(new ClientOp(kind, key, task, System.nanoTime()));
  }

  /** Every try so far. */
  public synchronized List<ClientOp> log() {
    return List.copyOf(log);
  }

  /** How often the outcome was unknown so far. */
  public synchronized long unknowns() {
    return log.stream().filter(op -> op.kind() == ClientOp.Kind.UNKNOWN).count();
  }

  /** The engine behind it. */
  public Engine engine() {
    return engine;
  }

  /** The storage behind it. */
  public PostgresStorage storage() {
    return storage;
  }

  @Override
  public void close() {
    engine.stop(Duration.ZERO);
    storage.close();
  }
}
