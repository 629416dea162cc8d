package dev.holdfast.application.task;

import static dev.holdfast.application.testing.Desk.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.application.testing.Desk;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final TaskId OTHER = new TaskId(new UUID(7, 7));

  private static String of(NewTask task) {
    return Fingerprint.of(task, text -> new TinyJson().canonical(new Json(text)));
  }

  private static NewTask retrying(RetryPolicy retry) {
    return work().withPolicy(new RunPolicy(3, retry, null, null, WorkerLoss.RETRY));
  }

  private static NewTask running(RunPolicy policy) {
    return work().withPolicy(policy);
  }

  /** Each differs from every other one in one member. */
  private static List<NewTask> different() {
    RetryPolicy retry = RetryPolicy.DEFAULT;
    TaskAddress address = work().address();
    List<NewTask> tasks = new ArrayList<>(List.of(
        work(),
        NewTask.of("other", Json.EMPTY_OBJECT),
        NewTask.of("work", Json.NULL),
        NewTask.of("work", new Json("[1,2]")),
        NewTask.of("work", new Json("[2,1]")),
        work().inQueue("other"),
        work().at(new TaskAddress(new Namespace("other"), address.queue(), address.type())),
        work().withPriority(1),
        work().due(new Due.At(Instant.EPOCH)),
        work().due(new Due.After(MINUTE)),
        work().named("a"),
        work().tagged("a", "b"),
        work().tagged("a, b"),
        work().under(new TaskLink.InBatch("a")),
        work().under(new TaskLink.Existing(OTHER))));
    tasks.addAll(List.of(
        work().after(Desk.needs("a")),
        work().after(Desk.needs("a", "b")),
        work().after(Desk.needs(OTHER)),
        work().after(List.of(new Dependency(new TaskLink.InBatch("a"), false))),
        work().withConstraints(Constraints.of(Map.of("a", "b"), null, List.of())),
        work().withConstraints(Constraints.of(Map.of(), null, List.of(new NodeId("n")))),
        running(new RunPolicy(4, retry, null, null, WorkerLoss.RETRY)),
        running(new RunPolicy(3, retry, MINUTE, null, WorkerLoss.RETRY)),
        running(new RunPolicy(3, retry, null, MINUTE, WorkerLoss.RETRY)),
        running(new RunPolicy(3, retry, null, null, WorkerLoss.FAIL)),
        retrying(retry.withNonRetryable(List.of("a", "b"))),
        retrying(retry.withNonRetryable(List.of("a, b"))),
        retrying(new RetryPolicy(BackoffStrategy.FIXED, MINUTE, MINUTE, 0, List.of())),
        retrying(new RetryPolicy(BackoffStrategy.LINEAR, MINUTE, MINUTE, 0, List.of())),
        retrying(new RetryPolicy(BackoffStrategy.FIXED, MINUTE, MINUTE, 0.5, List.of()))));
    return tasks;
  }

  @Test
  void other_content_has_another_fingerprint() {
    assertThat(different()).extracting(FingerprintTest::of).doesNotHaveDuplicates();
  }

  @Test
  void equal_content_has_the_same_fingerprint_of_64_characters() {
    List<String> first = different().stream().map(FingerprintTest::of).toList();

    assertThat(different()).extracting(FingerprintTest::of).isEqualTo(first);
    assertThat(first).allMatch(print -> print.length() == 64);
  }

  @Test
  void the_order_of_members_and_the_key_do_not_matter() {
    NewTask one = NewTask.of("work", new Json("{\"a\": {\"b\": 1, \"c\": 2}, \"d\": 3}"));
    NewTask two = NewTask.of("work", new Json("{\"d\":3,\"a\":{\"c\":2,\"b\":1}}"));

    assertThat(of(one)).isEqualTo(of(two.withKey("k")));
  }
}
