package dev.holdfast.bootstrap.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BuiltInHandlersTest {

  private static final JsonMapper MAPPER = new JacksonJsonMapper();
  private static final Map<String, Handler> HANDLERS = BuiltInHandlers.of(MAPPER);

  @Test
  void echo_answers_the_payload_exactly() throws Exception {
    assertThat(run("echo", "{\"b\":1.00,\"a\":[null]}")).isEqualTo("{\"b\":1.00,\"a\":[null]}");
  }

  @Test
  void sleep_says_how_long_it_slept() throws Exception {
    long began = System.nanoTime();

    assertThat(run("sleep", "{\"millis\":30}")).isEqualTo("{\"sleptMillis\":30}");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(29));
  }

  @Test
  void sleep_ends_at_once_when_it_is_interrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run("sleep", "{\"millis\":60000}"))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void sleep_names_every_fault_of_its_payload_and_is_not_retried() {
    assertFatal("sleep", "{\"millis\":-1,\"x\":1}", "/x is no member", "/millis must be a whole");
    assertFatal("sleep", "{}", "/millis is required");
    assertFatal("sleep", "{\"millis\":1.5}", "/millis must be a whole number");
    assertFatal("sleep", "[]", "the payload must be an object", "/millis is required");
  }

  @Test
  void fail_fails_as_many_attempts_as_it_is_asked_to() throws Exception {
    FakeContext context = FakeContext.of("{\"message\":\"no\",\"failures\":2}");

    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(() -> handle("fail", context.inAttempt(2)))
        .withMessage("no")
        .matches(TaskFailure::mayRetry);
    assertThat(handle("fail", context.inAttempt(3)).text()).isEqualTo("{\"attempts\":3}");
  }

  @Test
  void fail_completes_after_a_replay_when_it_has_failed_often_enough() throws Exception {
    FakeContext context = FakeContext.of("{\"failures\":1}");

    assertThat(handle("fail", context.replayedAfter(1)).text()).isEqualTo("{\"attempts\":2}");
  }

  @Test
  void fail_fails_every_attempt_unless_told_otherwise() {
    assertThatThrownBy(() -> handle("fail", FakeContext.of("{}").inAttempt(99)))
        .isInstanceOf(TaskFailure.class);
  }

  @Test
  void fail_refuses_a_payload_that_does_not_fit() {
    assertFatal(
        "fail", "{\"message\":1,\"failures\":\"x\"}", "/message must be a text", "/failures");
  }

  @Test
  void aggregate_puts_the_results_under_refs_or_ids() throws Exception {
    Upstream named = upstream(1, "a", new Json("{\"n\":1.0}"));
    Upstream nameless = upstream(2, null, new Json("2"));
    Upstream without = upstream(3, "c", null);

    Json result = handle("aggregate", FakeContext.of("{}").after(named, nameless, without));

    assertThat(result.text())
        .isEqualTo("{\"results\":{\"a\":{\"n\":1.0},\"" + nameless.task() + "\":2}}");
  }

  @Test
  void aggregate_tells_dependencies_with_one_ref_apart_by_their_ids() throws Exception {
    Upstream first = upstream(1, "same", new Json("1"));
    Upstream second = upstream(2, "same", new Json("2"));

    Json result = handle("aggregate", FakeContext.of("{}").after(first, second));

    assertThat(result.text())
        .isEqualTo("{\"results\":{\"" + first.task() + "\":1,\"" + second.task() + "\":2}}");
  }

  @Test
  void aggregate_refuses_members() {
    assertFatal("aggregate", "{\"x\":1}", "/x is no member that this type knows");
  }

  private static void assertFatal(String type, String payload, String... faults) {
    assertThatExceptionOfType(TaskFailure.class)
        .isThrownBy(() -> run(type, payload))
        .matches(failure -> !failure.mayRetry() && failure.type().equals("invalid_payload"))
        .satisfies(failure -> assertThat(failure.getMessage()).contains(faults));
  }

  private static String run(String type, String payload) throws Exception {
    return handle(type, FakeContext.of(payload)).text();
  }

  private static Json handle(String type, FakeContext context) throws Exception {
    return HANDLERS.get(type).handle(context);
  }

  private static Upstream upstream(long id, String ref, Json result) {
    return new Upstream(new TaskId(new UUID(0, id)), ref, true, TaskState.COMPLETED, result);
  }
}
