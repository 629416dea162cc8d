package dev.holdfast.application.task;

import dev.holdfast.application.task.WriteNotes.NoteRequest;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Records what the steps of runs that this node holds came to, each once, and the starts of those
 * runs before. Safe for concurrent use.
 */
public final class RecordSteps {

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;

  /** Records on a storage; {@code committed} is told what each transaction did. */
  public RecordSteps(Storage storage, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.committed = committed;
  }

  /**
   * A step to record.
   *
   * @param start what to record of its run before
   * @param isStarted whether that is known to be recorded
   */
  public record StepRequest(NoteRequest start, boolean isStarted, StepResult step) {}

  /** What became of it. */
  public sealed interface Answer {

    /**
     * The step is recorded.
     *
     * @param result what the task's step of this key came to first; its own, most of the time
     */
    record Recorded(Json result) implements Answer {}

    /** The run is no longer this session's: nothing was recorded. */
    record Stale() implements Answer {}
  }

  /** Records in one transaction; of several of one run and key the first counts. */
  public List<Answer> record(List<StepRequest> requests) {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      if (!requests.stream().allMatch(StepRequest::isStarted)) {
        WriteNotes.write(ledger, starts(requests));
      }
      return new Done(tx.steps().record(distinct(requests)), ledger.effects());
    });
    committed.accept(done.effects);
    return requests.stream().map(done::answer).toList();
  }

  private record Done(Map<RunKey, Map<String, Json>> standing, Ledger.Effects effects) {

    Answer answer(StepRequest request) {
      StepResult step = request.step();
      Json stands = standing.getOrDefault(step.run(), Map.of()).get(step.key());
      return stands == null ? new Answer.Stale() : new Answer.Recorded(stands);
    }
  }

  /** One for each run: the rows of all are locked, in one order, before any step is written. */
  private static Map<RunKey, NoteRequest> starts(List<StepRequest> requests) {
    Map<RunKey, NoteRequest> starts = new TreeMap<>();
    requests.forEach(request -> starts.putIfAbsent(request.step().run(), request.start()));
    return starts;
  }

  private static List<StepResult> distinct(List<StepRequest> requests) {
    Map<RunKey, Map<String, StepResult>> first = new LinkedHashMap<>();
    requests.forEach(request -> first
        .computeIfAbsent(request.step().run(), run -> new HashMap<>())
        .putIfAbsent(request.step().key(), request.step()));
    List<StepResult> distinct = new ArrayList<>();
    first.values().forEach(ofRun -> distinct.addAll(ofRun.values()));
    return distinct;
  }

  /** What is recorded of a task, by key. */
  public Map<String, Json> of(TaskId task) {
    return storage.transact(tx -> tx.steps().of(task));
  }
}
