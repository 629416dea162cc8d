package dev.holdfast.http.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.retry.BackoffStrategy;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.WorkerLoss;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.json.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NewTaskDocumentTest {

  private static final String ID = "01890000-0000-7000-8000-000000000000";

  private static NewTasks single(String text) {
    return NewTaskDocument.single(text.getBytes(StandardCharsets.UTF_8));
  }

  private static NewTask one(String text) {
    assertThat(single(text)).isInstanceOf(NewTasks.Read.class);
    return ((NewTasks.Read) single(text)).tasks().getFirst();
  }

  private static List<Fault> faults(NewTasks tasks) {
    assertThat(tasks).isInstanceOf(NewTasks.Faulty.class);
    return ((NewTasks.Faulty) tasks).faults();
  }

  @Test
  void task_with_nothing_but_a_type_has_every_default() {
    assertThat(one("{\"type\":\"echo\"}")).isEqualTo(NewTask.of("echo", Json.EMPTY_OBJECT));
  }

  @Test
  void task_with_everything_is_read() {
    NewTask task = one("""
        {"payload":{"b": 1.0, "a":[]},"type":"t","namespace":"n","queue":"q","priority":9,
         "delay":"PT5S","idempotencyKey":"k","maxAttempts":100,
         "retry":{"strategy":"fixed","base":"PT1S","cap":"PT1S","jitter":1,"nonRetryable":["x"]},
         "timeout":"PT1M","expiresIn":"P1D",
         "constraints":{"labels":{"a~/b":"c"},"allowedNodes":["n1","n1"],"forbiddenNodes":[]},
         "dependsOn":[{"task":"%s","required":false},{"ref":"other"}],
         "parent":{"ref":"p"},"ref":"me","tags":["t","t"],"onWorkerLoss":"fail"}""".formatted(ID));

    assertThat(task.payload()).isEqualTo(new Json("{\"b\": 1.0, \"a\":[]}"));
    assertThat(task.address().queue()).hasToString("q");
    assertThat(task.priority()).isEqualTo(9);
    assertThat(task.due()).isEqualTo(new Due.After(Duration.ofSeconds(5)));
    assertThat(task.policy().retry().strategy()).isEqualTo(BackoffStrategy.FIXED);
    assertThat(task.policy().onWorkerLoss()).isEqualTo(WorkerLoss.FAIL);
    assertThat(task.constraints().labels()).containsEntry("a~/b", "c");
    assertThat(task.constraints().allowedNodes()).hasSize(1);
    assertThat(task.dependsOn()).hasSize(2);
    assertThat(task.dependsOn().get(0).on()).isEqualTo(new TaskLink.Existing(TaskId.parse(ID)));
    assertThat(task.dependsOn().get(0).required()).isFalse();
    assertThat(task.dependsOn().get(1).required()).isTrue();
    assertThat(task.parent()).isEqualTo(new TaskLink.InBatch("p"));
    assertThat(task.tags()).containsExactly("t");
  }

  @Test
  void default_cap_gives_way_to_a_longer_base() {
    RetryPolicy retry =
        one("{\"type\":\"t\",\"retry\":{\"base\":\"PT1H\"}}").policy().retry();

    assertThat(retry.base()).isEqualTo(Duration.ofHours(1));
    assertThat(retry.cap()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void task_may_be_due_at_an_instant() {
    assertThat(one("{\"type\":\"t\",\"runAt\":\"2026-01-01T00:00:00Z\"}").due())
        .isEqualTo(new Due.At(Instant.parse("2026-01-01T00:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{} | /type",
        "[] | ",
        "{\"type\":1} | /type",
        "{\"type\":null} | /type",
        "{\"type\":\"a b\"} | /type",
        "{\"type\":\"t\",\"x~/y\":1} | /x~0~1y",
        "{\"type\":\"t\",\"namespace\":\"\"} | /namespace",
        "{\"type\":\"t\",\"queue\":\"-\"} | /queue",
        "{\"type\":\"t\",\"priority\":10} | /priority",
        "{\"type\":\"t\",\"priority\":-1} | /priority",
        "{\"type\":\"t\",\"priority\":3.0} | /priority",
        "{\"type\":\"t\",\"priority\":3e0} | /priority",
        "{\"type\":\"t\",\"priority\":99999999999} | /priority",
        "{\"type\":\"t\",\"priority\":\"3\"} | /priority",
        "{\"type\":\"t\",\"maxAttempts\":0} | /maxAttempts",
        "{\"type\":\"t\",\"maxAttempts\":101} | /maxAttempts",
        "{\"type\":\"t\",\"runAt\":\"now\"} | /runAt",
        "{\"type\":\"t\",\"delay\":\"P1M\"} | /delay",
        "{\"type\":\"t\",\"delay\":\"PT0S\"} | /delay",
        "{\"type\":\"t\",\"delay\":\"PT0.0000001S\"} | /delay",
        "{\"type\":\"t\",\"timeout\":\"P366D\"} | /timeout",
        "{\"type\":\"t\",\"timeout\":5} | /timeout",
        "{\"type\":\"t\",\"expiresIn\":\"P365DT1S\"} | /expiresIn",
        "{\"type\":\"t\",\"runAt\":\"2026-01-01T00:00:00Z\",\"delay\":\"PT1S\"} | /delay",
        "{\"type\":\"t\",\"idempotencyKey\":\"\"} | /idempotencyKey",
        "{\"type\":\"t\",\"retry\":[]} | /retry",
        "{\"type\":\"t\",\"retry\":{\"strategy\":\"FIXED\"}} | /retry/strategy",
        "{\"type\":\"t\",\"retry\":{\"jitter\":1.1}} | /retry/jitter",
        "{\"type\":\"t\",\"retry\":{\"jitter\":\"1\"}} | /retry/jitter",
        "{\"type\":\"t\",\"retry\":{\"base\":\"PT10M\",\"cap\":\"PT9M\"}} | /retry/cap",
        "{\"type\":\"t\",\"retry\":{\"cap\":\"PT0.5S\"}} | /retry/cap",
        "{\"type\":\"t\",\"runAt\":\"9999-12-31T23:59:59Z\"} | /runAt",
        "{\"type\":\"t\",\"retry\":{\"attempts\":1}} | /retry/attempts",
        "{\"type\":\"t\",\"retry\":{\"nonRetryable\":[\"\"]}} | /retry/nonRetryable/0",
        "{\"type\":\"t\",\"onWorkerLoss\":\"ignore\"} | /onWorkerLoss",
        "{\"type\":\"t\",\"constraints\":{\"node\":\"a\"}} | /constraints/node",
        "{\"type\":\"t\",\"constraints\":{\"allowedNodes\":[]}} | /constraints/allowedNodes",
        "{\"type\":\"t\",\"constraints\":{\"forbiddenNodes\":[1]}} | /constraints/forbiddenNodes/0",
        "{\"type\":\"t\",\"constraints\":{\"labels\":{\"a\":1}}} | /constraints/labels/a",
        "{\"type\":\"t\",\"constraints\":{\"labels\":{\"\":\"a\"}}} | /constraints/labels/",
        "{\"type\":\"t\",\"dependsOn\":{}} | /dependsOn",
        "{\"type\":\"t\",\"dependsOn\":[1]} | /dependsOn/0",
        "{\"type\":\"t\",\"dependsOn\":[{}]} | /dependsOn/0/task",
        "{\"type\":\"t\",\"dependsOn\":[{\"task\":\"x\"}]} | /dependsOn/0/task",
        "{\"type\":\"t\",\"dependsOn\":[{\"ref\":\"a\",\"required\":1}]} | /dependsOn/0/required",
        "{\"type\":\"t\",\"parent\":{\"ref\":\"a\",\"required\":true}} | /parent/required",
        "{\"type\":\"t\",\"parent\":\"a\"} | /parent",
        "{\"type\":\"t\",\"ref\":\"\"} | /ref",
        "{\"type\":\"t\",\"tags\":[\"a\",\"\"]} | /tags/1",
        "{\"type\":\"t\",\"payload\":{\"a\":1e500}} | /payload/a",
      })
  void fault_has_its_pointer(String text, String pointer) {
    assertThat(faults(single(text)))
        .extracting(Fault::pointer)
        .containsExactly(pointer == null ? "" : pointer);
  }

  @Test
  void both_task_and_ref_are_one_fault() {
    assertThat(
            faults(single("{\"type\":\"t\",\"parent\":{\"ref\":\"a\",\"task\":\"" + ID + "\"}}")))
        .extracting(Fault::pointer)
        .containsExactly("/parent/ref");
  }

  @Test
  void bounds_of_lists_are_kept() {
    String tags = "\"x\",".repeat(50) + "\"y\"";
    String labels = "";
    for (int i = 0; i <= 50; i++) {
      labels += (i == 0 ? "" : ",") + "\"l" + i + "\":\"v\"";
    }

    assertThat(faults(single("{\"type\":\"t\",\"tags\":[" + tags + "],\"constraints\":{\"labels\":{"
            + labels + "}},\"dependsOn\":[" + "1,".repeat(10_000) + "1]}")))
        .extracting(Fault::pointer)
        .containsExactlyInAnyOrder("/tags", "/constraints/labels", "/dependsOn");
  }

  @Test
  void payload_is_measured_in_bytes() {
    String fits = "\"" + "é".repeat((1 << 19) - 1) + "\"";
    String large = "\"" + "é".repeat(1 << 19) + "\"";

    assertThat(one("{\"type\":\"t\",\"payload\":" + fits + "}").payload().sizeInBytes())
        .isEqualTo(NewTask.MAX_PAYLOAD_BYTES);
    assertThat(single("{\"type\":\"t\",\"payload\":" + large + "}"))
        .isInstanceOfSatisfying(
            NewTasks.TooLarge.class,
            answer -> assertThat(answer.faults().getFirst().pointer()).isEqualTo("/payload"));
    assertThat(single("{\"type\":1,\"payload\":" + large + "}"))
        .isInstanceOf(NewTasks.Faulty.class);
  }

  @Test
  void batch_names_each_faulty_element() {
    NewTasks read = NewTaskDocument.batch(
        "{\"tasks\":[{\"type\":\"t\"},{\"type\":\"a b\",\"x\":1},7],\"more\":1}"
            .getBytes(StandardCharsets.UTF_8),
        10);

    assertThat(faults(read))
        .extracting(Fault::pointer)
        .containsExactly("/tasks/1/type", "/tasks/1/x", "/tasks/2", "/more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{} | /tasks",
        "[] | ",
        "{\"tasks\":[]} | /tasks",
        "{\"tasks\":{}} | /tasks",
        "{\"tasks\":[{\"type\":\"t\"},{\"type\":\"t\"},{\"type\":\"t\"}]} | /tasks"
      })
  void batch_must_have_some_tasks_and_not_too_many(String text, String pointer) {
    NewTasks read = NewTaskDocument.batch(text.getBytes(StandardCharsets.UTF_8), 2);

    assertThat(faults(read))
        .extracting(Fault::pointer)
        .containsExactly(pointer == null ? "" : pointer);
  }

  @Test
  void batch_has_no_name_twice() {
    String text = """
        {"type":"t","ref":"a","idempotencyKey":"k"}
        {"type":"t","ref":"a","idempotencyKey":"k"}
        {"type":"t","namespace":"other","idempotencyKey":"k"}
        """;

    assertThat(faults(NewTaskDocument.lines(text.getBytes(StandardCharsets.UTF_8), 10)))
        .extracting(Fault::pointer)
        .containsExactly("/tasks/1/ref", "/tasks/1/idempotencyKey");
  }

  @Test
  void lines_are_each_a_document() {
    NewTasks read = NewTaskDocument.lines(
        "\n{\"type\":\"a\"}\r\n \t\n{\"type\":\"b\",\"payload\":1.0}"
            .getBytes(StandardCharsets.UTF_8),
        2);

    assertThat(((NewTasks.Read) read).tasks())
        .extracting(task -> task.payload().text())
        .containsExactly("{}", "1.0");
    assertThat(faults(NewTaskDocument.lines("{\n}\n".getBytes(StandardCharsets.UTF_8), 9)))
        .extracting(Fault::pointer)
        .containsExactly("/tasks/0", "/tasks/1");
    assertThat(faults(NewTaskDocument.lines(new byte[0], 9))).hasSize(1);
    assertThat(faults(NewTaskDocument.lines("1\n2\n3".getBytes(StandardCharsets.UTF_8), 2)))
        .extracting(Fault::pointer)
        .containsExactly("/tasks");
  }

  @Test
  void batch_elements_may_be_as_deep_as_single_tasks() {
    String deep = "{\"type\":\"t\",\"payload\":" + "[".repeat(63) + "]".repeat(63) + "}";
    String deeper = "{\"type\":\"t\",\"payload\":" + "[".repeat(64) + "]".repeat(64) + "}";

    assertThat(one(deep).policy()).isEqualTo(RunPolicy.DEFAULT);
    assertThat(single(deeper)).isInstanceOf(NewTasks.Faulty.class);
    assertThat(NewTaskDocument.batch(
            ("{\"tasks\":[" + deep + "]}").getBytes(StandardCharsets.UTF_8), 1))
        .isInstanceOf(NewTasks.Read.class);
    assertThat(NewTaskDocument.batch(
            ("{\"tasks\":[" + deeper + "]}").getBytes(StandardCharsets.UTF_8), 1))
        .isInstanceOf(NewTasks.Faulty.class);
  }
}
