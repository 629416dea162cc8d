package dev.holdfast.application.worker;

import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
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

  /**
   * Takes a step at most once with an answer: {@code work} is called unless this or an earlier
   * attempt of the task has recorded a result under the key, and that result is returned instead.
   * Results are kept as long as the task, over retries, hand-backs, lost workers and replays.
   *
   * <p>The result is durable when this returns. A step whose worker dies after {@code work} and
   * before that is taken again by the next attempt: give what it calls the task's id and the key,
   * so that it can tell. Of two calls at the same time with one key both may work; the first one
   * recorded counts for both. An outage of the storage is waited for.
   *
   * @param key names the step within the task, the same in every attempt; 1 to 100 characters
   * @param work its result has at most 1 MiB; what it throws is passed on, and nothing is recorded
   * @throws StaleLease if the attempt is no longer the task's; nothing was recorded then
   * @throws TaskFailure if the result is too large, or the task has 10,000 steps or 64 MiB of
   *     results already; it is never retried
   * @throws IllegalArgumentException if the key is not one
   */
  Json once(String key, Callable<Json> work) throws Exception;

  /**
   * As {@link #once(String, Callable)}, with the result mapped to JSON and back.
   *
   * @throws IllegalArgumentException if the result cannot be mapped; nothing was recorded if it
   *     could not be written
   */
  <T> T once(String key, Class<T> type, Callable<T> work) throws Exception;
}
