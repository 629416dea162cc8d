package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.testkit.memory.data.World;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * A storage in memory. Transactions run one after another, under one lock, and really roll back.
 *
 * <p>Safe for concurrent use. It keeps what it has when it is closed, so that several nodes can
 * share it. Asking it inside of its own transaction is refused, since a database would answer from
 * another connection.
 */
public final class InMemoryStorage implements Storage {

  private final World world;
  private final MemorySessions sessions;
  private final Coordination coordination;
  private final TaskQueries tasks;
  private final EventLog events;

  /** An empty one, which lives by this clock. */
  public InMemoryStorage(InstantSource clock) {
    world = new World(clock);
    MemoryElections elections = new MemoryElections(world);
    sessions = new MemorySessions(world, elections);
    coordination = new MemoryCoordination(elections);
    tasks = new MemoryTasks(world);
    events = new MemoryEventLog(world);
  }

  @Override
  public <T> T transact(Function<StorageTx, T> work) {
    return world.write(() -> {
      MemoryTx tx = new MemoryTx(world);
      try {
        return work.apply(tx);
      } finally {
        tx.close();
      }
    });
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Coordination coordination() {
    return coordination;
  }

  @Override
  public TaskQueries tasks() {
    return tasks;
  }

  @Override
  public EventLog events() {
    return events;
  }

  @Override
  public Upkeep upkeep() {
    return new MemoryUpkeep(world);
  }

  /** The process of this node has died: its session is found to have vanished. */
  public void processDied(NodeId node) {
    sessions.die(node);
  }

  /** Has nothing to give back. */
  @Override
  public void close() {}

  private record MemoryUpkeep(World world) implements Upkeep {

    @Override
    public int rollUpCounts() {
      return world.write(() -> world.counts().rollUp(world.now()));
    }

    @Override
    public void tidy() {}
  }
}
