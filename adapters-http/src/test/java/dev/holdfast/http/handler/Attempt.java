package dev.holdfast.http.handler;

import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** An attempt of which only the payload matters. */
record Attempt(String text) implements TaskContext {

  @Override
  public TaskDefinition task() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Json payload() {
    return new Json(text);
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public int fence() {
    return 1;
  }

  @Override
  public @Nullable Instant deadline() {
    return null;
  }

  @Override
  public boolean isStopping() {
    return false;
  }

  @Override
  public void progress(double percent, @Nullable String message) {}

  @Override
  public List<Upstream> upstream() {
    return List.of();
  }

  @Override
  public Json once(String key, Callable<Json> work) throws Exception {
    return work.call();
  }

  @Override
  public <T> T once(String key, Class<T> type, Callable<T> work) throws Exception {
    return work.call();
  }
}
