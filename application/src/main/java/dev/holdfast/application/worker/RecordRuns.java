package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.task.WriteNotes;
import dev.holdfast.application.task.WriteNotes.NoteRequest;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Watches what runs on this node: records the start of what runs for longer, sends progress, ends
 * what has run out of time. A short task hardly sees it, and a long one costs nothing between its
 * recorded start and its timeout. Safe for concurrent use, but for {@link #tick}, which belongs to
 * the thread that drives the loop.
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
  private final Queue<List<Execution>> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<Execution> reported = new ConcurrentLinkedQueue<>();
  private final List<Execution> waiting = new ArrayList<>();
  private final Deque<Execution> begun = new ArrayDeque<>();
  private final List<Execution> talking = new ArrayList<>();
  private final Queue<Execution> timed = new PriorityQueue<>(RecordRuns::firstToEnd);
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

  /** Watches these from now on until they are over. */
  void watch(List<Execution> executions) {
    accepted.add(executions);
    waker.run();
  }

  /** Its handler says how far it is. */
  void progress(Execution execution, Progress progress) {
    if (execution.reports().report(progress)) {
      reported.add(execution);
      waker.run();
    }
  }

  @Override
  public Duration tick() {
    takeIn();
    waiting.removeIf(execution -> execution.isOver() || hasBegun(execution));
    endLate();
    Map<Execution, Optional<Progress>> due = new LinkedHashMap<>();
    takeLong(due);
    takeNews(due);
    if (!due.isEmpty()) {
      record(due);
    }
    return due.size() == BATCH ? BUSY : pause();
  }

  private void takeIn() {
    for (var some = accepted.poll(); some != null; some = accepted.poll()) {
      waiting.addAll(some);
    }
    for (var one = reported.poll(); one != null; one = reported.poll()) {
      talking.add(one);
    }
  }

  /** How many runs with a timeout are kept. */
  int timed() {
    return timed.size();
  }

  private static int firstToEnd(Execution one, Execution other) {
    return Long.signum(one.endNanos() - other.endNanos());
  }

  private boolean hasBegun(Execution execution) {
    boolean isRunning = execution.isRunning();
    if (isRunning) {
      begun.add(execution);
      if (execution.hasTimeout()) {
        timed.add(execution);
      }
    }
    return isRunning;
  }

  private void endLate() {
    if (timed.size() > 2 * slots.executions().size() + MANY) {
      timed.removeIf(Execution::isOver);
    }
    for (var next = timed.peek(); next != null && isDue(next); next = timed.peek()) {
      if (!next.isOver()) {
        timedOut.accept(next);
      }
      timed.remove();
    }
  }

  private static boolean isDue(Execution execution) {
    return execution.isOver() || execution.nanosToTimeout() <= 0;
  }

  /** Those that are recorded now stay where they are until the next look, lest a try fails. */
  private void takeLong(Map<Execution, Optional<Progress>> due) {
    while (!begun.isEmpty() && isDone(begun.getFirst())) {
      begun.removeFirst();
    }
    for (Execution execution : begun) {
      if (due.size() == BATCH || execution.runningFor().compareTo(LONG_RUN) < 0) {
        return;
      }
      if (!isDone(execution)) {
        due.put(execution, Optional.empty());
      }
    }
  }

  private static boolean isDone(Execution execution) {
    return execution.isOver() || execution.isStartRecorded();
  }

  private void takeNews(Map<Execution, Optional<Progress>> due) {
    talking.removeIf(execution -> {
      if (due.size() < BATCH && !execution.isOver()) {
        Optional<Progress> news = execution.takeNews(PROGRESS_EVERY);
        news.ifPresent(progress -> due.put(execution, news));
      }
      return execution.isOver()
          || (!due.containsKey(execution) && execution.reports().isSilent());
    });
  }

  private Duration pause() {
    int looked = waiting.size() + talking.size();
    Duration pause = looked >= MANY ? CROWDED : looked + begun.size() > 0 ? BUSY : IDLE;
    Execution next = timed.peek();
    return next == null || next.nanosToTimeout() > pause.toNanos()
        ? pause
        : Duration.ofNanos(Math.max(0, next.nanosToTimeout()));
  }

  /** Records the start of a run before its handler is called; false when it is no longer ours. */
  boolean recordStart(Execution execution) {
    NoteRequest request =
        new NoteRequest(execution.definition(), execution.key(), execution.now(), null);
    boolean isOurs = notes.write(List.of(request)).contains(execution.key());
    if (isOurs) {
      execution.startIsRecorded();
    }
    return isOurs;
  }

  private void record(Map<Execution, Optional<Progress>> due) {
    Set<RunKey> current = write(due);
    for (Execution execution : due.keySet()) {
      if (current.contains(execution.key())) {
        execution.startIsRecorded();
      } else {
        execution.stop(StopCause.REVOKED);
      }
    }
  }

  private Set<RunKey> write(Map<Execution, Optional<Progress>> due) {
    List<NoteRequest> requests = new ArrayList<>();
    due.forEach((execution, news) -> requests.add(new NoteRequest(
        execution.definition(), execution.key(), execution.beganAt(), news.orElse(null))));
    try {
      return notes.write(requests);
    } catch (RuntimeException e) {
      due.forEach((execution, news) -> news.ifPresent(execution.reports()::notSent));
      throw e;
    }
  }
}
