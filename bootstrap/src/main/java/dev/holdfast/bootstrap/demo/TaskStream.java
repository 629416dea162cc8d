package dev.holdfast.bootstrap.demo;

import dev.holdfast.bootstrap.remote.ServerClient.Body;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Submits tasks that sleep, as many a second as is wished. A batch that got no answer is sent
 * again: its keys see to it that nothing is there twice. Runs on a thread of its own.
 */
final class TaskStream implements Runnable {

  private static final Duration APART = Duration.ofMillis(200);

  private final DemoCluster cluster;
  private final int perBatch;
  private final RandomGenerator random;
  private final AtomicLong accepted = new AtomicLong();
  private volatile boolean stopped;
  private long number;

  TaskStream(DemoCluster cluster, int perSecond, RandomGenerator random) {
    this.cluster = cluster;
    this.perBatch = Math.max(1, perSecond * (int) APART.toMillis() / 1000);
    this.random = random;
  }

  /** How many tasks were accepted: these must never be lost. */
  long accepted() {
    return accepted.get();
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    try {
      long due = System.nanoTime();
      while (!stopped) {
        submit(Body.of(batch(), "application/x-ndjson"));
        due = Math.max(due + APART.toNanos(), System.nanoTime() - APART.toNanos());
        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(Body body) throws InterruptedException {
    while (!stopped) {
      if (cluster.ask(client -> client.post("/v1/tasks/batch", body)).isPresent()) {
        accepted.addAndGet(perBatch);
        return;
      }
      Thread.sleep(APART);
    }
  }

  private byte[] batch() {
    var lines = new StringBuilder();
    for (int i = 0; i < perBatch; i++) {
      int millis = 50 + random.nextInt(450);
      lines
          .append("{\"type\":\"sleep\",\"maxAttempts\":20,\"payload\":{\"millis\":")
          .append(millis)
          .append("},\"idempotencyKey\":\"demo-")
          .append(number++)
          .append("\"}\n");
    }
    return lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
