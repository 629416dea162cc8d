package dev.holdfast.testkit.race;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Commands;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import dev.holdfast.testkit.harness.StorageHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks to their end, as badly as possible, and remembers what it was told. */
final class Mill {

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final StorageHarness harness;
  private final Steps steps;
  private final Commands commands;
  private final List<TaskId> tasks;
  private final long seed;
  private final ConcurrentSkipListSet<RunKey> claimed = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<TaskId> completed = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<TaskId> cancelled = new ConcurrentSkipListSet<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final long deadline = System.nanoTime() + LIMIT_NANOS;

  Mill(StorageHarness harness, Samples samples, List<TaskId> tasks) {
    this.harness = harness;
    this.steps = new Steps(harness.storage(), samples);
    this.commands = new Commands(harness.storage(), samples);
    this.tasks = tasks;
    this.seed = samples.seed();
  }

  /** Returns when every task has ended, or the time is up. */
  void run(int workers) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        int number = i;
        running.add(threads.submit(() -> orStop(() -> work(number))));
      }
      running.add(threads.submit(() -> orStop(this::reap)));
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  /** One that fails stops all. */
  private void orStop(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | AssertionError e) {
      violations.add(e.toString());
      throw e;
    }
  }

  Collection<String> violations() {
    return violations;
  }

  List<TaskId> completed() {
    return List.copyOf(completed);
  }

  List<TaskId> cancelled() {
    return List.copyOf(cancelled);
  }

  /** The run numbers under which the task was handed out, ascending. */
  List<Integer> fences(TaskId task) {
    return claimed
        .subSet(new RunKey(task, 1), true, new RunKey(task, Integer.MAX_VALUE), true)
        .stream()
        .map(RunKey::number)
        .toList();
  }

  private boolean isRunning() {
    if (System.nanoTime() > deadline) {
      violations.add("not done in time");
    }
    return completed.size() + cancelled.size() < tasks.size() && violations.isEmpty();
  }

  private void work(int number) {
    Random dice = new Random(seed + number);
    SessionId session = steps.open("node-" + number);
    while (isRunning()) {
      switch (steps.ask(session, 1 + dice.nextInt(30))) {
        case ClaimAnswer.SessionOver ignored -> session = steps.open("node-" + number);
        case ClaimAnswer.Claimed claim -> finish(claim.assignments(), dice);
      }
      if (dice.nextInt(20) == 0) {
        harness.storage().sessions().end(session);
      }
      cancel(tasks.get(dice.nextInt(tasks.size())), dice);
    }
  }

  private void finish(List<Assignment> assignments, Random dice) {
    List<Held> done = new ArrayList<>();
    for (Assignment assignment : assignments) {
      Held held = assignment.held();
      check(claimed.add(held.run().key()), "handed out twice", held);
      switch (dice.nextInt(12)) {
        case 0 -> steps.fail(held);
        case 1 -> steps.release(held);
        case 2 -> {} // Forgotten: comes back when its session ends.
        default -> done.add(held);
      }
    }
    complete(done);
    check(steps.complete(done).isEmpty(), "completed twice", done);
  }

  private void complete(List<Held> done) {
    for (RunKey ended : steps.complete(done)) {
      check(completed.add(ended.task()), "completed twice", ended);
    }
  }

  private void cancel(TaskId task, Random dice) {
    if (dice.nextInt(4) == 0 && commands.cancel(task)) {
      check(cancelled.add(task), "cancelled twice", task);
    }
  }

  private void reap() {
    while (isRunning()) {
      for (SessionId lost : harness.storage().sessions().lost(10)) {
        commands.reap(lost, 20);
      }
      steps.promote(50);
      harness.advance(Duration.ofMillis(2));
    }
  }

  private void check(boolean holds, String otherwise, Object what) {
    if (!holds) {
      violations.add(otherwise + ": " + what);
    }
  }
}
