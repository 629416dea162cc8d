package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.history.History;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.port.tx.Facts;
import dev.holdfast.domain.port.tx.Places;
import dev.holdfast.domain.port.tx.Runs;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Submissions;
import dev.holdfast.testkit.memory.data.World;
import java.time.Instant;

/** An open transaction. Belongs to the thread that holds the world's lock. */
final class MemoryTx implements StorageTx {

  private final World world;
  private boolean closed;

  MemoryTx(World world) {
    this.world = world;
  }

  void close() {
    closed = true;
  }

  @Override
  public Instant now() {
    return open().now();
  }

  @Override
  public Submissions submissions() {
    return new MemorySubmissions(open());
  }

  @Override
  public Places places() {
    return new MemoryPlaces(open());
  }

  @Override
  public Runs runs() {
    return new MemoryRuns(open());
  }

  @Override
  public Facts facts() {
    return new MemoryFacts(open());
  }

  @Override
  public Dependencies dependencies() {
    return new MemoryDependencies(open());
  }

  @Override
  public Steps steps() {
    return new MemorySteps(open());
  }

  @Override
  public History history() {
    return new MemoryHistory(open());
  }

  @Override
  public boolean leads(Term term) {
    return open().leads().leads(term, world.now());
  }

  private World open() {
    if (closed) {
      throw new IllegalStateException("the transaction is over");
    }
    return world;
  }
}
