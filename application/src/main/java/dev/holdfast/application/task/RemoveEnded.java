package dev.holdfast.application.task;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.Upkeep.Cleared;
import dev.holdfast.domain.port.history.History.Removed;
import dev.holdfast.domain.port.history.History.Sweep;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes tasks that ended long ago, with their events, and sessions of which nothing is kept. It
 * first lets the storage drop what it can drop whole. Then it passes along all other tasks that are
 * old enough, a bounded number of them in a transaction, and rests between two passes.
 */
public final class RemoveEnded implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(RemoveEnded.class);
  private static final int BATCH = 1000;
  private static final Duration BUSY = Duration.ofMillis(20);
  /** Between two looks that found nothing: old tasks that must stay may be many. */
  private static final Duration WALKING = Duration.ofMillis(500);

  private static final Duration BETWEEN_PASSES = Duration.ofSeconds(30);

  private final Storage storage;
  private final Duration age;
  private final Meters meters;
  private @Nullable TaskId reached;
  private int batch = BATCH;

  /** Removes from a storage what ended longer ago than {@code age}. */
  public RemoveEnded(Storage storage, Duration age, Meters meters) {
    this.storage = storage;
    this.age = age;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "retention";
  }

  @Override
  public Duration tick() {
    if (reached == null && clear()) {
      return BUSY;
    }
    Sweep sweep = sweep();
    reached = sweep.next();
    tell(sweep.removed());
    if (reached != null) {
      return sweep.removed().isEmpty() ? WALKING : BUSY;
    }
    return removeSessions() == BATCH ? BUSY : BETWEEN_PASSES;
  }

  private boolean clear() {
    Cleared cleared = storage.upkeep().clear(age);
    if (!cleared.ended().isEmpty()) {
      cleared.ended().forEach(tally -> count(tally.state(), tally.change()));
      LOG.atInfo().addKeyValue("tasks", cleared.ended()).log("dropped tasks that ended long ago");
    }
    return cleared.more();
  }

  private void count(TaskState state, long tasks) {
    meters.count("holdfast.tasks.removed", tasks, "state", state.code());
  }

  /** Looks at fewer when that fails: much may belong to a few tasks, and take too long. */
  private Sweep sweep() {
    int limit = batch;
    batch = Math.max(1, limit / 2);
    Sweep sweep = storage.transact(tx -> {
      Sweep swept = tx.history().removeEnded(tx.now().minus(age), reached, limit);
      if (!swept.removed().isEmpty()) {
        tx.facts().count(tallies(swept.removed()));
      }
      return swept;
    });
    batch = Math.min(BATCH, limit * 2);
    return sweep;
  }

  private int removeSessions() {
    return storage.transact(tx -> {
      Instant before = tx.now().minus(age);
      return tx.history().removeSessions(before, BATCH);
    });
  }

  /** The counts of ended tasks are those of the tasks there are. */
  private static List<Tally> tallies(List<Removed> removed) {
    Map<Ended, Long> counts = new LinkedHashMap<>();
    removed.forEach(task -> counts.merge(new Ended(task.queue(), task.state()), -1L, Long::sum));
    return counts.entrySet().stream()
        .map(entry -> new Tally(entry.getKey().queue, entry.getKey().state, entry.getValue()))
        .toList();
  }

  private record Ended(QueueName queue, TaskState state) {}

  private void tell(List<Removed> removed) {
    if (removed.isEmpty()) {
      return;
    }
    Map<TaskState, Integer> states = new EnumMap<>(TaskState.class);
    removed.forEach(task -> states.merge(task.state(), 1, Integer::sum));
    states.forEach(this::count);
    LOG.atInfo()
        .addKeyValue("tasks", removed.size())
        .addKeyValue("states", states)
        .addKeyValue("first", removed.getFirst().task())
        .addKeyValue("last", removed.getLast().task())
        .log("removed tasks that ended long ago");
  }
}
