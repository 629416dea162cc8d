package dev.holdfast.bootstrap.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts what is done and when, in slices of a tenth of a second. Safe for concurrent use. */
final class Tally {

  private static final long SLICE_NANOS = 100_000_000;
  private static final int SLICES = 36_000;
  private static final int PARTS = 10;

  private final AtomicLongArray slices = new AtomicLongArray(SLICES);
  private final CountDownLatch open;
  private final long start = System.nanoTime();
  private volatile long last = start;

  /** Expects so many. */
  Tally(int expected) {
    this.open = new CountDownLatch(expected);
  }

  void done(long count) {
    long now = System.nanoTime();
    last = now;
    slices.addAndGet((int) Math.min(SLICES - 1, (now - start) / SLICE_NANOS), count);
    for (long i = 0; i < count; i++) {
      open.countDown();
    }
  }

  void awaitAll() throws InterruptedException {
    open.await();
  }

  double seconds() {
    return (last - start) / 1e9;
  }

  /** How many were done in each tenth of the whole time. */
  List<Long> progress() {
    int used = (int) Math.min(SLICES, (last - start) / SLICE_NANOS + 1);
    int parts = Math.min(PARTS, used);
    List<Long> progress = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      long sum = 0;
      for (int slice = used * part / parts; slice < used * (part + 1) / parts; slice++) {
        sum += slices.get(slice);
      }
      progress.add(sum);
    }
    return progress;
  }
}
