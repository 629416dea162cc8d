package dev.holdfast.http.render;

import dev.holdfast.application.task.Explanation;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.placement.Reason;
import dev.holdfast.domain.placement.Verdict;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.Dependencies;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tasks as the contract shows them. A field that does not apply is absent. */
public final class TaskJson {

  private TaskJson() {}

  /** One task in full. */
  public static String task(TaskView view) {
    return JsonOut.object(out -> new Writer(out, true).task(view));
  }

  /** A page of a list, without payloads, results and stack traces. */
  public static String page(List<TaskView> items, @Nullable TaskId next) {
    return JsonOut.object(out -> out.objects(
            "items", items, (item, view) -> new Writer(item, false).task(view))
        .text("nextCursor", next));
  }

  /** What a batch became. */
  public static String receipts(List<SubmitAnswer.Receipt> receipts) {
    return JsonOut.object(out -> out.objects(
        "tasks",
        receipts,
        (item, receipt) -> item.text("ref", receipt.ref())
            .text("id", receipt.id())
            .text("state", receipt.state().code())
            .flag("existing", receipt.existing())));
  }

  /** Why a task runs or does not. */
  public static String placement(Explanation explanation) {
    return JsonOut.object(out -> out.text("task", explanation.task())
        .text("state", explanation.state().code())
        .number("queuePosition", explanation.queuePosition())
        .objects(
            "waitingFor",
            explanation.waitingFor(),
            (item, wait) -> item.text("kind", lower(wait.kind())).text("detail", wait.detail()))
        .objects("nodes", explanation.nodes(), TaskJson::verdict));
  }

  private static void verdict(JsonOut out, Verdict verdict) {
    out.text("node", verdict.node())
        .flag("eligible", verdict.isEligible())
        .objects("reasons", verdict.reasons(), TaskJson::reason);
  }

  private static void reason(JsonOut out, Reason reason) {
    out.text("code", reason.code().code()).text("detail", reason.detail());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Writes one task; lists leave out what may be large. */
  private record Writer(JsonOut out, boolean full) {

    void task(TaskView view) {
      TaskDefinition definition = view.definition();
      identity(definition, view.state());
      if (full) {
        out.raw("payload", view.payload()).raw("result", view.result());
      }
      out.object("error", view.error(), this::error).number("attempt", view.attempt());
      policy(definition.policy(), view.expiresAt());
      out.object("constraints", definition.constraints(), Writer::constraints)
          .text("onWorkerLoss", lower(definition.policy().onWorkerLoss()))
          .text("idempotencyKey", definition.identity().idempotencyKey())
          .object("progress", view.progress(), Writer::progress)
          .flag("cancelRequested", view.cancelRequested());
      place(view);
      out.objects("dependsOn", view.dependsOn(), Writer::dependency)
          .object("parent", definition.identity().parent(), (o, parent) -> o.text("task", parent))
          .texts("tags", definition.identity().tags());
      times(view);
    }

    private void identity(TaskDefinition definition, TaskState state) {
      out.text("id", definition.id())
          .text("namespace", definition.address().namespace())
          .text("ref", definition.identity().ref())
          .text("type", definition.address().type())
          .text("queue", definition.address().queue())
          .number("priority", definition.priority())
          .text("state", state.code());
    }

    private void error(JsonOut o, TaskError error) {
      o.text("type", error.type()).text("message", error.message());
      if (full) {
        o.text("stackTrace", error.stackTrace());
      }
      o.object("cause", error.cause(), this::error);
    }

    private void policy(RunPolicy policy, @Nullable Instant expiresAt) {
      out.number("maxAttempts", policy.maxAttempts())
          .object("retry", policy.retry(), Writer::retry)
          .duration("timeout", policy.timeout())
          .instant("expiresAt", expiresAt);
    }

    private static void retry(JsonOut o, RetryPolicy retry) {
      o.text("strategy", lower(retry.strategy()))
          .duration("base", retry.base())
          .duration("cap", retry.cap())
          .decimal("jitter", retry.jitter())
          .texts("nonRetryable", retry.nonRetryable());
    }

    private static void constraints(JsonOut o, Constraints constraints) {
      o.object("labels", constraints.labels(), JsonOut::entries)
          .texts("allowedNodes", constraints.allowedNodes())
          .texts("forbiddenNodes", constraints.forbiddenNodes());
    }

    private static void progress(JsonOut o, Progress progress) {
      o.decimal("percent", progress.percent()).text("message", progress.message());
    }

    private void place(TaskView view) {
      TaskView.Lease lease = view.lease();
      if (lease != null) {
        out.text("node", lease.node()).number("fence", lease.fence());
      }
      out.number("version", view.version());
      if (full) {
        out.number("queuePosition", view.queuePosition());
      }
    }

    private static void dependency(JsonOut o, Dependencies.Edge edge) {
      o.text("task", edge.upstream()).flag("required", edge.required());
    }

    private void times(TaskView view) {
      Instant due = view.dueAt() == null ? view.definition().dueAt() : view.dueAt();
      out.instant("createdAt", view.definition().createdAt())
          .instant("runAt", due)
          .instant("claimedAt", view.lease() == null ? null : view.lease().claimedAt())
          .instant("startedAt", view.startedAt())
          .instant("finishedAt", view.finishedAt());
    }
  }
}
