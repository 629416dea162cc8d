package dev.holdfast.http.task;

import dev.holdfast.domain.task.NewTask;
import dev.holdfast.http.json.Faults;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.JsonValue;
import dev.holdfast.http.json.Shape;
import dev.holdfast.http.json.StrictJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads documents of new tasks: one task, a batch, or one task a line. All faults are found at
 * once; payloads keep their exact source text. Safe for concurrent use.
 */
public final class NewTaskDocument {

  private static final String PAYLOAD = "payload";

  private NewTaskDocument() {}

  /** Reads one new task; pointers begin at its members. */
  public static NewTasks single(byte[] utf8) {
    Reading reading = new Reading();
    reading.one(utf8, "");
    return reading.outcome();
  }

  /**
   * Reads {@code {"tasks": […]}}; pointers begin with {@code /tasks/N}.
   *
   * @param most upper bound of tasks
   */
  public static NewTasks batch(byte[] utf8, int most) {
    Reading reading = new Reading();
    JsonValue value = StrictJson.parse(utf8, Shape.list(PAYLOAD), reading.faults);
    if (value != null) {
      Fields fields = Fields.of(value, "", reading.faults);
      List<JsonValue> items = fields.array("tasks", most);
      if (items != null) {
        reading.all(items);
      } else if (value instanceof JsonValue.Members && !fields.has("tasks")) {
        fields.fault("tasks", "is required");
      }
      fields.finish();
    }
    return reading.outcome();
  }

  /**
   * Reads one new task a line; empty lines are skipped. Pointers begin with {@code /tasks/N}, N
   * counting the tasks from 0.
   *
   * @param most upper bound of tasks
   */
  public static NewTasks lines(byte[] utf8, int most) {
    Reading reading = new Reading();
    List<byte[]> lines = split(utf8);
    if (lines.size() > most) {
      reading.faults.add("/tasks", "must have at most " + most + " items, got " + lines.size());
    } else {
      for (int i = 0; i < lines.size(); i++) {
        reading.one(lines.get(i), "/tasks/" + i);
      }
      reading.end("/tasks");
    }
    return reading.outcome();
  }

  private static List<byte[]> split(byte[] utf8) {
    List<byte[]> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= utf8.length; i++) {
      if (i == utf8.length || utf8[i] == '\n') {
        if (!isBlank(utf8, begin, i)) {
          lines.add(Arrays.copyOfRange(utf8, begin, i));
        }
        begin = i + 1;
      }
    }
    return lines;
  }

  private static boolean isBlank(byte[] utf8, int from, int to) {
    for (int i = from; i < to; i++) {
      if (utf8[i] != ' ' && utf8[i] != '\t' && utf8[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /** One document under way. */
  private static final class Reading {

    final Faults faults = new Faults();
    private final Faults tooLarge = new Faults();
    private final List<NewTask> tasks = new ArrayList<>();
    private final BatchNames names = new BatchNames();

    void one(byte[] utf8, String pointer) {
      Faults own = new Faults();
      JsonValue value = StrictJson.parse(utf8, Shape.single(PAYLOAD), own);
      if (value == null) {
        faults.addAll(own.below(pointer));
      } else {
        take(value, pointer);
      }
    }

    void all(List<JsonValue> items) {
      for (int i = 0; i < items.size(); i++) {
        take(items.get(i), "/tasks/" + i);
      }
      end("/tasks");
    }

    void end(String pointer) {
      if (tasks.isEmpty() && faults.isEmpty() && tooLarge.isEmpty()) {
        faults.add(pointer, "must have at least one item");
      }
    }

    private void take(JsonValue value, String pointer) {
      Faults own = new Faults();
      NewTask task = new NewTaskReader(own, tooLarge).read(value, pointer);
      if (task != null) {
        names.check(task, pointer, own);
        tasks.add(task);
      }
      faults.addAll(own);
    }

    NewTasks outcome() {
      if (!faults.isEmpty()) {
        return new NewTasks.Faulty(faults.list());
      }
      return tooLarge.isEmpty() ? new NewTasks.Read(tasks) : new NewTasks.TooLarge(tooLarge.list());
    }
  }
}
