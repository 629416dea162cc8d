package dev.holdfast.benchmarks.engine;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.cluster.Role;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.jackson.JacksonJsonMapper;
import dev.holdfast.postgres.PostgresStorage;
import dev.holdfast.testkit.postgres.Copies;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/** Engines on the server, each with a storage of its own, as nodes in different processes have. */
final class Bed {

  /** The type of every task here. */
  static final String TYPE = "bench";

  private static final Json DONE = new Json("null");

  private final Server server;
  private final int slots;
  private final boolean clustered;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /**
   * Engines with so many slots.
   *
   * @param clustered whether they share the storage
   */
  Bed(Server server, int slots, boolean clustered) {
    this.server = server;
    this.slots = slots;
    this.clustered = clustered;
  }

  /** A node whose handler is called with the number that a task carries. */
  Engine worker(String name, IntConsumer handler) {
    return start(name, slots, Role.AUTO, context -> {
      handler.accept(Integer.parseInt(context.payload().text()));
      return DONE;
    });
  }

  /** A node that runs nothing, so that it cannot tell the workers in their own process. */
  Engine client(String name) {
    return start(name, 0, Role.OBSERVER, context -> DONE);
  }

  private Engine start(String name, int slotsOfIt, Role role, Handler handler) {
    PostgresStorage storage = PostgresStorage.open(server.settings());
    open.addFirst(storage);
    Engine engine = start(name, storage, slotsOfIt, role, handler);
    open.addFirst(engine);
    return engine;
  }

  /** Ends its nodes. */
  void end() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Engine start(
      String name, PostgresStorage storage, int slotsOfIt, Role role, Handler handler) {
    EngineSettings settings = EngineSettings.of(new NodeId(name)).withSlots(slotsOfIt);
    EngineBuilder builder = new EngineBuilder(storage, new JacksonJsonMapper(), settings);
    if (clustered) {
      ClusterSettings member = ClusterSettings.DEFAULT;
      builder.cluster(
          new ClusterSettings(role, member.leaderLease(), member.leaderRenew(), member.watch()));
    }
    return builder.handler(TYPE, handler).start();
  }

  /** The task that carries a number. */
  static NewTask task(int number) {
    return NewTask.of(TYPE, new Json(Integer.toString(number)));
  }

  /** The tasks that carry {@code from} to {@code to - 1}. */
  static List<NewTask> tasks(int from, int to) {
    List<NewTask> tasks = new ArrayList<>(to - from);
    for (int number = from; number < to; number++) {
      tasks.add(task(number));
    }
    return tasks;
  }

  /** Puts so many tasks in place, with nobody there to run them: one is taken, the rest copied. */
  void fill(int count) throws SQLException {
    try (PostgresStorage storage = PostgresStorage.open(server.settings());
        Engine engine = start("loader", storage, 0, Role.OBSERVER, context -> DONE)) {
      engine.tasks().submit(task(0));
    }
    try (Connection connection = server.connect()) {
      new Copies(connection).pending(count - 1);
    }
  }
}
