package dev.holdfast.chaos.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Gates that handlers wait at until a file of that name appears. Safe for concurrent use. */
final class Gates {

  private static final Duration LOOK = Duration.ofMillis(20);

  private final Path folder;
  private final Map<Long, CountDownLatch> closed = new ConcurrentHashMap<>();

  Gates(Path folder) {
    this.folder = folder;
    Thread.ofPlatform().daemon().name("gates").start(this::watch);
  }

  void pass(long gate) throws InterruptedException {
    closed.computeIfAbsent(gate, any -> new CountDownLatch(1)).await();
  }

  private void watch() {
    try {
      while (true) {
        closed.forEach((gate, latch) -> {
          if (latch.getCount() > 0 && Files.exists(folder.resolve("gate-" + gate))) {
            latch.countDown();
          }
        });
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
