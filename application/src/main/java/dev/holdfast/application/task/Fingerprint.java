package dev.holdfast.application.task;

import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the content of a new task: equal for equal content, all members after defaults,
 * whatever the order of members in the payload.
 */
final class Fingerprint {

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String of(NewTask task, UnaryOperator<String> canonicalJson) {
    Fingerprint print = new Fingerprint();
    print.add(task.address().namespace());
    print.add(task.address().queue());
    print.add(task.address().type());
    print.add(canonicalJson.apply(task.payload().text()));
    print.add(task.priority());
    print.add(due(task.due()));
    print.policy(task.policy());
    print.add(task.constraints().canonical());
    task.dependsOn().forEach(print::dependency);
    print.add(link(task.parent()));
    print.add(task.ref());
    print.all(task.tags());
    return HexFormat.of().formatHex(print.digest.digest());
  }

  private void policy(RunPolicy policy) {
    add(policy.maxAttempts());
    add(policy.timeout());
    add(policy.expiresIn());
    add(policy.onWorkerLoss());
    RetryPolicy retry = policy.retry();
    add(retry.strategy());
    add(retry.base());
    add(retry.cap());
    add(retry.jitter());
    all(retry.nonRetryable());
  }

  private void all(List<String> parts) {
    add(parts.size());
    parts.forEach(this::add);
  }

  private void dependency(Dependency dependency) {
    add(link(dependency.on()));
    add(dependency.required());
  }

  /** Each part with its length before it, so that parts cannot run into each other. */
  private void add(@Nullable Object part) {
    byte[] bytes = Objects.toString(part, "").getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static String due(Due due) {
    return switch (due) {
      case Due.Now now -> "now";
      case Due.At at -> "at " + at.instant();
      case Due.After after -> "after " + after.delay();
    };
  }

  private static @Nullable String link(@Nullable TaskLink link) {
    return switch (link) {
      case null -> null;
      case TaskLink.Existing existing -> "task " + existing.task();
      case TaskLink.InBatch inBatch -> "ref " + inBatch.ref();
    };
  }
}
