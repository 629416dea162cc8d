package dev.holdfast.chaos.scenario;

import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.domain.task.Due;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream of tasks from a thread of its own, for as long as it is open. */
public final class Load implements AutoCloseable {

  private final Stage stage;
  private final int batch;
  private final int millis;
  private final Due due;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;
  private final AtomicInteger submitted = new AtomicInteger();

  /** Submits batches of tasks that sleep for so many milliseconds, some 15 batches a second. */
  public Load(Stage stage, int batch, int millis) {
    this(stage, batch, millis, Due.NOW);
  }

  /** The same of tasks that are due later: a leader has a transaction to make for each batch. */
  public Load(Stage stage, int batch, int millis, Due due) {
    this.stage = stage;
    this.due = due;
    this.batch = batch;
    this.millis = millis;
    this.thread = Thread.ofPlatform().daemon().name("load").start(this::run);
  }

  private void run() {
    try {
      for (int i = 0; !closed; i++) {
        stage
            .client()
            .submit(Tasks.sleeping("load-" + i, batch, millis).stream()
                .map(task -> task.due(due))
                .toList());
        submitted.addAndGet(batch);
        Await.pause(Duration.ofMillis(60));
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** How many were acknowledged so far. */
  public int submitted() {
    return submitted.get();
  }

  /**
   * Ends the stream, once its last batch is acknowledged.
   *
   * @return how many were acknowledged
   */
  public int end() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RuntimeException e = failure;
    if (e != null) {
      throw e;
    }
    return submitted.get();
  }

  @Override
  public void close() {
    end();
  }
}
