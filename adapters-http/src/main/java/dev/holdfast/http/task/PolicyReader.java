package dev.holdfast.http.task;

import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Names;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.Scalars;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how often and how long a task may run. Belongs to one thread. */
final class PolicyReader {

  private final Fields fields;

  PolicyReader(Fields fields) {
    this.fields = fields;
  }

  RunPolicy policy() {
    Integer maxAttempts = fields.integer("maxAttempts", 1, RunPolicy.MAX_ATTEMPTS);
    RetryPolicy retry = retry(fields.object("retry"));
    Duration timeout = fields.text("timeout", PolicyReader::duration);
    Duration expiresIn = fields.text("expiresIn", PolicyReader::duration);
    WorkerLoss onLoss = fields.text("onWorkerLoss", PolicyReader::onWorkerLoss);
    return new RunPolicy(
        maxAttempts == null ? RunPolicy.DEFAULT.maxAttempts() : maxAttempts,
        retry,
        timeout,
        expiresIn,
        onLoss == null ? WorkerLoss.RETRY : onLoss);
  }

  /** A duration within the bounds of the contract. */
  static Duration duration(String text) {
    Duration duration = Scalars.duration(text);
    RunPolicy.requireDuration("it", duration);
    return duration;
  }

  private static RetryPolicy retry(@Nullable Fields retry) {
    if (retry == null) {
      return RetryPolicy.DEFAULT;
    }
    BackoffStrategy strategy = retry.text("strategy", PolicyReader::strategy);
    Duration base = retry.text("base", PolicyReader::duration);
    Duration cap = retry.text("cap", PolicyReader::duration);
    Double jitter = retry.decimal("jitter", 0, 1);
    List<String> nonRetryable = retry.texts(
        "nonRetryable",
        RetryPolicy.MAX_NON_RETRYABLE,
        t -> Names.free("it", t, RetryPolicy.MAX_ERROR_TYPE_LENGTH));
    retry.finish();
    Duration first = base == null ? RetryPolicy.DEFAULT.base() : base;
    Duration last = cap == null ? longer(RetryPolicy.DEFAULT.cap(), first) : cap;
    if (last.compareTo(first) < 0) {
      retry.fault(
          "cap",
          "must not be shorter than base: base is " + Scalars.text(first) + ", cap "
              + Scalars.text(last));
      return RetryPolicy.DEFAULT;
    }
    return new RetryPolicy(
        strategy == null ? RetryPolicy.DEFAULT.strategy() : strategy,
        first,
        last,
        jitter == null ? RetryPolicy.DEFAULT.jitter() : jitter,
        nonRetryable == null ? List.of() : nonRetryable);
  }

  /** Who asks for a long first delay alone means it: the default cap gives way. */
  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static BackoffStrategy strategy(String text) {
    return switch (text) {
      case "fixed" -> BackoffStrategy.FIXED;
      case "linear" -> BackoffStrategy.LINEAR;
      case "exponential" -> BackoffStrategy.EXPONENTIAL;
      default -> throw new IllegalArgumentException("must be fixed, linear or exponential");
    };
  }

  private static WorkerLoss onWorkerLoss(String text) {
    return switch (text) {
      case "retry" -> WorkerLoss.RETRY;
      case "fail" -> WorkerLoss.FAIL;
      default -> throw new IllegalArgumentException("must be retry or fail");
    };
  }
}
