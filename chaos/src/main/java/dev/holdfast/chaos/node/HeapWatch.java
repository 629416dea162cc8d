package dev.holdfast.chaos.node;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Writes down how much memory is in use, whenever a file asks for it. */
final class HeapWatch {

  private static final Duration LOOK = Duration.ofMillis(100);

  private HeapWatch() {}

  /** Looks for files {@code heap-0}, {@code heap-1} and so on. */
  static void start(Path folder, NodeLog log) {
    Thread.ofPlatform().daemon().name("heap").start(() -> watch(folder, log));
  }

  private static void watch(Path folder, NodeLog log) {
    int next = 0;
    try {
      while (true) {
        if (Files.exists(folder.resolve("heap-" + next))) {
          log.add(NodeLog.Mark.HEAP, "-", next, 0, Long.toString(used()));
          next++;
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
