package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.task.WriteNotes;
import dev.holdfast.application.task.WriteNotes.NoteRequest;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches what runs on this node: records the start of what runs for longer, sends progress, ends
 * what has run out of time. A short task never sees it.
 */
final class RecordRuns implements Loop {

  /** A run that lasts longer has its start recorded while it runs. */
  static final Duration LONG_RUN = Duration.ofMillis(250);

  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
  private static final Duration BUSY = Duration.ofMillis(50);
  /** A look at so many runs takes a while, so the looks are further apart. */
  private static final int MANY = 1000;

  private static final Duration CROWDED = Duration.ofMillis(250);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final int BATCH = 500;

  private final Slots slots;
  private final WriteNotes notes;
  private final Consumer<Execution> timedOut;
  private volatile Runnable waker = () -> {};

  RecordRuns(Slots slots, WriteNotes notes, Consumer<Execution> timedOut) {
    this.slots = slots;
    this.notes = notes;
    this.timedOut = timedOut;
  }

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public void wakeBy(Runnable newWaker) {
    this.waker = newWaker;
  }

  void wake() {
    waker.run();
  }

  @Override
  public Duration tick() {
    List<Execution> due = new ArrayList<>();
    List<NoteRequest> requests = new ArrayList<>();
    int looked = 0;
    for (Execution execution : slots.executions()) {
      looked++;
      if (!execution.isRunning()) {
        continue;
      }
      endIfLate(execution);
      if (requests.size() == BATCH) {
        continue;
      }
      Progress news = execution.takeNews(PROGRESS_EVERY);
      boolean isLong = execution.runningFor().compareTo(LONG_RUN) >= 0;
      if (news != null || (isLong && !execution.isStartRecorded())) {
        due.add(execution);
        requests.add(new NoteRequest(
            execution.assignment().definition(), execution.key(), execution.beganAt(), news));
      }
    }
    if (!requests.isEmpty()) {
      record(due, requests);
    }
    return pauseAfter(looked, requests.size() == BATCH);
  }

  private static Duration pauseAfter(int looked, boolean isMore) {
    if (looked == 0) {
      return IDLE;
    }
    return isMore || looked < MANY ? BUSY : CROWDED;
  }

  /** Records the start of a run before its handler is called; false when it is no longer ours. */
  boolean recordStart(Execution execution) {
    NoteRequest request = new NoteRequest(
        execution.assignment().definition(), execution.key(), execution.now(), null);
    boolean isOurs = notes.write(List.of(request)).contains(execution.key());
    if (isOurs) {
      execution.startIsRecorded();
    }
    return isOurs;
  }

  private void record(List<Execution> due, List<NoteRequest> requests) {
    Set<RunKey> current = write(due, requests);
    for (Execution execution : due) {
      if (current.contains(execution.key())) {
        execution.startIsRecorded();
      } else {
        execution.stop(StopCause.REVOKED);
      }
    }
  }

  private Set<RunKey> write(List<Execution> due, List<NoteRequest> requests) {
    try {
      return notes.write(requests);
    } catch (RuntimeException e) {
      for (int i = 0; i < due.size(); i++) {
        Progress unsent = requests.get(i).progress();
        if (unsent != null) {
          due.get(i).notSent(unsent);
        }
      }
      throw e;
    }
  }

  private void endIfLate(Execution execution) {
    Duration timeout = execution.assignment().definition().policy().timeout();
    if (timeout != null && execution.runningFor().compareTo(timeout) >= 0) {
      timedOut.accept(execution);
    }
  }
}
