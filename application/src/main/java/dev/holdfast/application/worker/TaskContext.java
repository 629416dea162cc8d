package dev.holdfast.application.worker;

import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a handler knows of the attempt it makes. Safe for concurrent use. */
public interface TaskContext {

  /** The task, without its payload. */
  TaskDefinition task();

  /** The payload as it was submitted. */
  Json payload();

  /** Which attempt this is; counts from 1. */
  int attempt();

  /**
   * The fence of this attempt's lease: grows with every claim of the task. Whoever guards an
   * effect outside should refuse a smaller one than it has seen.
   */
  int fence();

  /** When the attempt times out, by the storage's clock; null when it does not. */
  @Nullable
  Instant deadline();

  /** Whether the handler should stop. Its thread is interrupted as well. */
  boolean isStopping();

  /**
   * Says how far the attempt is. Cheap: at most one a second is kept, the newest.
   *
   * @param percent 0 to 100
   */
  void progress(double percent, @Nullable String message);

  /** What the task waited for, with the results there are. Reads the storage. */
  List<Upstream> upstream();
}
