package dev.holdfast.http.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Tasks;
import dev.holdfast.application.task.CancelAnswer;
import dev.holdfast.application.task.Explanation;
import dev.holdfast.application.task.ReplayAnswer;
import dev.holdfast.application.task.SubmitAnswer;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.WriteGate;
import dev.holdfast.http.problem.Problems;
import dev.holdfast.http.route.SubmitRoutes;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class DispatcherTest {

  private static final String TASK = "{\"type\":\"echo\"}";
  private final Waits waits = new Waits();

  private Answer.Full submit(Function<List<NewTask>, SubmitAnswer> engine, FakeCall call) {
    InMemoryStorage storage = new InMemoryStorage(InstantSource.system());
    Router router = new Router(new SubmitRoutes(new Engineless(engine), storage.tasks()).routes());
    Dispatcher dispatcher = new Dispatcher(
        router, new HostRule(Set.of()), WriteGate.ALWAYS, new Problems(() -> 1), waits);
    return (Answer.Full) dispatcher.answer(call).answer();
  }

  @Test
  void full_queue_is_503_with_retry_after() {
    Answer.Full answer =
        submit(batch -> new SubmitAnswer.Overloaded(), FakeCall.of("POST", "/v1/tasks", TASK));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("/problems/overloaded");
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
  }

  @Test
  void outage_is_503_and_says_what_is_safe() {
    Answer.Full answer = submit(
        batch -> {
          throw new StorageUnavailable("gone", new IOException("x"));
        },
        FakeCall.of("POST", "/v1/tasks/batch", "{\"tasks\":[" + TASK + "]}"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("unknown", "same idempotency key");
  }

  @Test
  void bug_is_500_with_an_id() {
    Answer.Full answer = submit(
        batch -> {
          throw new StackOverflowError();
        },
        FakeCall.of("POST", "/v1/tasks", TASK));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("\"id\"").doesNotContain("Error\"");
  }

  @Test
  void task_that_is_gone_at_once_is_404() {
    TaskId id = TaskId.parse("01890000-0000-7000-8000-000000000000");
    Answer.Full answer = submit(
        batch -> new SubmitAnswer.Accepted(
            List.of(new SubmitAnswer.Receipt(id, null, TaskState.PENDING, false))),
        FakeCall.of("POST", "/v1/tasks", TASK));

    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void conflicts_of_a_batch_are_all_named() {
    TaskId id = TaskId.parse("01890000-0000-7000-8000-000000000000");
    Answer.Full answer = submit(
        batch -> new SubmitAnswer.Conflict(List.of(
            new SubmitAnswer.KeyConflict(0, "k0", id), new SubmitAnswer.KeyConflict(3, "k3", id))),
        FakeCall.of("POST", "/v1/tasks/batch", "{\"tasks\":[" + TASK + "]}"));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("/tasks/0/idempotencyKey", "/tasks/3/idempotencyKey");
  }

  @Test
  void stopping_server_takes_nothing_new() {
    waits.stop();

    Answer.Full answer =
        submit(batch -> new SubmitAnswer.Overloaded(), FakeCall.of("POST", "/v1/tasks", TASK));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("stopping");
    assertThatThrownBy(() -> waits.run(() -> 1)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void client_that_is_gone_gets_nothing() {
    assertThatThrownBy(() -> submit(
            batch -> {
              throw new ClientGone(new IOException("x"));
            },
            FakeCall.of("POST", "/v1/tasks", TASK)))
        .isInstanceOf(ClientGone.class);
  }

  @Test
  void host_must_be_known() {
    for (String host :
        List.of("localhost", "LOCALHOST.:1", "127.9.9.9:80", "[::1]:8080", "[::1]")) {
      assertThat(submit(b -> new SubmitAnswer.Overloaded(), withHost(host)).status())
          .isEqualTo(503);
    }
    for (String host :
        List.of("evil", "localhost.evil", "127.0.0.1.evil", "1270.0.0.1", "", "[::2]")) {
      assertThat(submit(b -> new SubmitAnswer.Overloaded(), withHost(host)).status())
          .isEqualTo(421);
    }
  }

  private static FakeCall withHost(String host) {
    Map<String, String> headers = Map.of("Host", host, "Content-Type", "application/json");
    return new FakeCall("POST", "/v1/tasks", "", headers, TASK);
  }

  /** Answers submissions as the test says, and nothing else. */
  private record Engineless(Function<List<NewTask>, SubmitAnswer> answer) implements Tasks {

    @Override
    public SubmitAnswer submit(List<NewTask> batch) {
      return answer.apply(batch);
    }

    @Override
    public SubmitAnswer submit(StorageTx transaction, List<NewTask> batch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TaskView> await(TaskId task, Duration patience) {
      return Optional.empty();
    }

    @Override
    public CancelAnswer cancel(TaskId task, String reason, boolean force) {
      return new CancelAnswer.Unknown();
    }

    @Override
    public ReplayAnswer replay(TaskId task) {
      return new ReplayAnswer.Unknown();
    }

    @Override
    public Optional<Explanation> explain(TaskId task) {
      return Optional.empty();
    }
  }
}
