package dev.holdfast.application.worker;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The context of one execution. */
final class RunContext implements TaskContext {

  private final Execution execution;
  private final Storage storage;
  private final RecordRuns records;
  private final StepDesk desk;
  private final JsonMapper json;
  private @Nullable AttemptSteps steps;

  RunContext(
      Execution execution, Storage storage, RecordRuns records, StepDesk desk, JsonMapper json) {
    this.execution = execution;
    this.storage = storage;
    this.records = records;
    this.desk = desk;
    this.json = json;
  }

  /** Few handlers take steps. */
  private synchronized AttemptSteps steps() {
    if (steps == null) {
      steps = new AttemptSteps(execution, desk);
    }
    return steps;
  }

  @Override
  public TaskDefinition task() {
    return execution.definition();
  }

  @Override
  public Json payload() {
    return execution.payload();
  }

  @Override
  public int attempt() {
    return execution.attempt();
  }

  @Override
  public int fence() {
    return execution.key().number();
  }

  @Override
  public @Nullable Instant deadline() {
    return execution.deadline();
  }

  @Override
  public boolean isStopping() {
    return execution.stopCause() != null;
  }

  @Override
  public void progress(double percent, @Nullable String message) {
    records.progress(execution, new Progress(percent, message));
  }

  @Override
  public List<Upstream> upstream() {
    return storage.tasks().upstream(task().id());
  }

  @Override
  public Json once(String key, Callable<Json> work) throws Exception {
    return steps().once(key, work);
  }

  @Override
  public <T> T once(String key, Class<T> type, Callable<T> work) throws Exception {
    // Read back the first time too, so that every attempt sees the same value.
    return json.read(steps().once(key, () -> json.write(work.call())), type);
  }
}
