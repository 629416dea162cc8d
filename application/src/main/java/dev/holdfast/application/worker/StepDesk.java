package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.task.RecordSteps;
import dev.holdfast.application.task.RecordSteps.Answer;
import dev.holdfast.application.task.RecordSteps.StepRequest;
import dev.holdfast.application.task.WriteNotes.NoteRequest;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.value.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Records the steps of what runs on this node, hundreds in one transaction, and reads back what
 * earlier runs recorded. It outlasts an outage of the storage for as long as the run is this
 * node's. Safe for concurrent use.
 */
final class StepDesk {

  private static final int CAPACITY = 10_000;
  private static final int BATCH = 1000;
  /** A batch of the greatest results is not of more than a few. */
  private static final int BYTES_PER_WEIGHT = 4096;

  private static final Duration LOOK = Duration.ofMillis(250);

  private final RecordSteps recording;
  private final Host host;
  private final Meters meters;
  private final Combiner<StepRequest, Answer> combiner;

  StepDesk(RecordSteps recording, Host host, Meters meters) {
    this.recording = recording;
    this.host = host;
    this.meters = meters;
    this.combiner = new Combiner<>(
        "steps",
        new Combiner.Bounds(CAPACITY, BATCH, Duration.ofDays(365)),
        request -> 1 + request.step().result().text().length() / BYTES_PER_WEIGHT,
        this::flush,
        meters);
  }

  Loop loop() {
    return combiner;
  }

  /** Fails what has no answer, since the loops have ended. */
  void abandon() {
    combiner.abandon();
  }

  private List<Optional<Answer>> flush(List<StepRequest> requests) {
    return recording.record(requests).stream().map(Optional::of).toList();
  }

  /** What earlier runs of the task recorded. */
  Map<String, Json> recorded(Execution execution) {
    // The first run has none before it.
    return execution.key().number() == 1
        ? Map.of()
        : whileOurs(execution, () -> {
          try {
            return recording.of(execution.task());
          } catch (StorageUnavailable e) {
            // Nobody answers this: it is a pause before the next try.
            return host.await(new CompletableFuture<Map<String, Json>>(), LOOK);
          }
        });
  }

  /**
   * Records what a step came to, after the start of its run.
   *
   * @return what stands; of two at the same time, the first one's
   * @throws StaleLease if the run is no longer ours
   */
  Json record(Execution execution, String key, Json result) {
    requireOurs(execution);
    CompletableFuture<Answer> asked = combiner.put(request(execution, key, result));
    Answer answer = whileOurs(execution, () -> host.await(asked, LOOK));
    return switch (answer) {
      case Answer.Recorded recorded -> {
        execution.startIsRecorded();
        yield recorded.result();
      }
      case Answer.Stale stale -> {
        meters.count("holdfast.runs.stale", 1);
        execution.stop(StopCause.REVOKED);
        throw new StaleLease(execution.key());
      }
    };
  }

  private static StepRequest request(Execution execution, String key, Json result) {
    return new StepRequest(
        new NoteRequest(execution.definition(), execution.key(), execution.beganAt(), null),
        execution.isStartRecorded(),
        new StepResult(execution.key(), execution.lease().session(), key, result));
  }

  /** Tries again until there is an answer. An interrupt ends the wait only when the run is over. */
  private static <T> T whileOurs(Execution execution, Callable<T> attempt) {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return attempt.call();
        } catch (InterruptedException e) {
          isInterrupted = true;
        } catch (TimeoutException e) {
          // Perhaps the next time.
        } catch (ExecutionException e) {
          throw unchecked(e.getCause() == null ? e : e.getCause());
        } catch (Exception e) {
          throw unchecked(e);
        }
        requireOurs(execution);
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(thrown);
  }

  static void requireOurs(Execution execution) {
    if (execution.stopCause() == StopCause.REVOKED) {
      throw new StaleLease(execution.key());
    }
  }
}
