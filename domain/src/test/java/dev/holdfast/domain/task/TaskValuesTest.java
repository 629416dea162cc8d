package dev.holdfast.domain.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskValuesTest {

  private static final NewTask ECHO = NewTask.of("echo", Json.EMPTY_OBJECT);

  @Test
  void newTask_has_the_defaults_of_the_contract() {
    assertThat(ECHO)
        .isEqualTo(new NewTask(
            new TaskAddress(Namespace.DEFAULT, QueueName.DEFAULT, new TypeName("echo")),
            new Json("{}"),
            5,
            Due.NOW,
            new RunPolicy(3, RetryPolicy.DEFAULT, null, null, WorkerLoss.RETRY),
            Constraints.NONE,
            null,
            List.of(),
            null,
            null,
            List.of()));
  }

  @Test
  void newTask_changes_one_thing_at_a_time() {
    TaskLink parent = new TaskLink.Existing(Samples.id(2));
    Dependency dependency = new Dependency(new TaskLink.InBatch("first"), false);
    Constraints constraints = Constraints.of(Map.of(), null, List.of(new NodeId("birch")));
    RunPolicy once = new RunPolicy(1, RetryPolicy.DEFAULT, null, null, WorkerLoss.FAIL);
    Due later = new Due.At(Samples.second(1));

    NewTask changed = ECHO.inQueue("mail")
        .withPriority(0)
        .due(later)
        .withPolicy(once)
        .withConstraints(constraints)
        .withKey("key")
        .after(List.of(dependency))
        .under(parent)
        .named("second")
        .tagged("a", "b", "a");

    assertThat(changed)
        .isEqualTo(new NewTask(
            new TaskAddress(Namespace.DEFAULT, new QueueName("mail"), new TypeName("echo")),
            Json.EMPTY_OBJECT,
            0,
            later,
            once,
            constraints,
            "key",
            List.of(dependency),
            parent,
            "second",
            List.of("a", "b")));
    assertThat(ECHO.at(changed.address()).address()).isEqualTo(changed.address());
  }

  @Test
  void newTask_bounds_its_payload_in_bytes() {
    String mebibyte = "\"" + "é".repeat((1 << 19) - 1) + "\"";

    assertThat(NewTask.of("echo", new Json(mebibyte)).payload().sizeInBytes()).isEqualTo(1 << 20);
    refused("1 MiB", () -> NewTask.of("echo", new Json(mebibyte + " ")));
    refused("1 MiB", () -> NewTask.of("echo", new Json(" ".repeat((1 << 20) + 1))));
  }

  @Test
  void newTask_refuses_what_is_out_of_bounds() {
    refused("priority", () -> ECHO.withPriority(-1));
    refused("priority", () -> ECHO.withPriority(10));
    refused("idempotencyKey", () -> ECHO.withKey(""));
    refused("idempotencyKey", () -> ECHO.withKey("k".repeat(256)));
    refused("idempotencyKey", () -> ECHO.withKey("\0"));
    refused("ref", () -> ECHO.named(""));
    refused("tag", () -> ECHO.tagged("\ud83d"));
    refused(
        "tags",
        () -> ECHO.tagged(IntStream.range(0, 51).mapToObj(i -> "t" + i).toArray(String[]::new)));
    Dependency one = new Dependency(new TaskLink.Existing(Samples.id(2)), true);
    refused("dependsOn", () -> ECHO.after(Collections.nCopies(10_001, one)));
  }

  @Test
  void newTask_copies_its_lists() {
    var dependencies = new ArrayList<Dependency>();
    NewTask task = ECHO.after(dependencies);

    dependencies.add(new Dependency(new TaskLink.Existing(Samples.id(2)), true));

    assertThat(task.dependsOn()).isEmpty();
  }

  @Test
  void policy_refuses_what_is_out_of_bounds() {
    refused("maxAttempts", () -> policy(0, null, null));
    refused("maxAttempts", () -> policy(101, null, null));
    refused("timeout", () -> policy(1, Duration.ZERO, null));
    refused("timeout", () -> policy(1, Duration.ofNanos(999), null));
    refused("expiresIn", () -> policy(1, null, Duration.ofDays(365).plusNanos(1)));
    assertThat(policy(100, Duration.ofNanos(1000), Duration.ofDays(365)).maxAttempts())
        .isEqualTo(100);
  }

  @Test
  void policy_is_read_back_as_it_was_whatever_the_precision_of_the_storage() {
    Duration odd = Duration.ofNanos(1_234_567);

    RunPolicy policy = policy(1, odd, odd);

    assertThat(policy.timeout()).isEqualTo(Duration.ofNanos(1_234_000));
    assertThat(policy.expiresIn()).isEqualTo(Duration.ofNanos(1_234_000));
  }

  @Test
  void due_is_bounded() {
    refused("delay", () -> new Due.After(Duration.ofSeconds(-1)));
    refused("due", () -> new Due.At(Due.At.LATEST.plusNanos(1)));
    refused("due", () -> new Due.At(Instant.MAX));
    assertThat(new Due.At(Instant.MIN).instant()).isEqualTo(Instant.MIN);
    assertThat(new Due.After(Duration.ofDays(365)).delay()).hasDays(365);
    assertThatNullPointerException().isThrownBy(() -> new Due.After(null));
    assertThatNullPointerException().isThrownBy(() -> new Due.At(null));
  }

  @Test
  void links_and_dependencies_are_validated() {
    refused("ref", () -> new TaskLink.InBatch(""));
    assertThatNullPointerException().isThrownBy(() -> new TaskLink.Existing(null));
    assertThatNullPointerException().isThrownBy(() -> new Dependency(null, true));
  }

  @Test
  void definition_orders_by_its_first_due_time_in_microseconds() {
    Instant dueAt = Instant.parse("2026-03-01T12:00:01.123456Z");

    assertThat(Samples.task().order()).isEqualTo(Samples.T0.getEpochSecond() * 1_000_000);
    assertThat(Samples.task(RunPolicy.DEFAULT, dueAt).order())
        .isEqualTo(dueAt.getEpochSecond() * 1_000_000 + 123_456);
    assertThat(Samples.task(RunPolicy.DEFAULT, Due.At.LATEST).order()).isPositive();
  }

  @Test
  void definition_expires_from_its_due_time_or_the_beginning_of_its_life() {
    RunPolicy hour = policy(1, null, Duration.ofHours(1));
    TaskDefinition delayed = Samples.task(hour, Samples.second(60));

    assertThat(Samples.task().expiryFrom(Samples.T0)).isNull();
    assertThat(Samples.task(hour).expiryFrom(Samples.T0)).isEqualTo(Samples.second(3600));
    assertThat(delayed.expiryFrom(Samples.T0)).isEqualTo(Samples.second(3660));
    assertThat(delayed.expiryFrom(Samples.second(100)))
        .as("a replay after the due time")
        .isEqualTo(Samples.second(3700));
  }

  @Test
  void lane_is_the_address_with_the_constraints() {
    assertThat(Samples.task().lane())
        .isEqualTo(new LaneKey(TaskAddress.of("echo"), Constraints.NONE));
  }

  private static RunPolicy policy(int maxAttempts, Duration timeout, Duration expiresIn) {
    return new RunPolicy(maxAttempts, RetryPolicy.DEFAULT, timeout, expiresIn, WorkerLoss.RETRY);
  }

  private static void refused(String name, Runnable construction) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessageContaining(name);
  }
}
