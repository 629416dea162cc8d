package dev.holdfast.http.task;

import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.http.json.Faults;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how a task points to others. */
final class LinksReader {

  private LinksReader() {}

  static List<Dependency> dependencies(Fields task, Faults faults) {
    List<JsonValue> items = task.array("dependsOn", NewTask.MAX_DEPENDENCIES);
    if (items == null) {
      return List.of();
    }
    List<Dependency> read = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String at = task.at("dependsOn") + '/' + i;
      Fields item = Fields.of(items.get(i), at, faults);
      if (items.get(i) instanceof JsonValue.Members) {
        TaskLink link = link(item);
        Boolean required = item.flag("required");
        item.finish();
        if (link != null) {
          read.add(new Dependency(link, required == null || required));
        }
      }
    }
    return read;
  }

  static @Nullable TaskLink parent(@Nullable Fields parent) {
    if (parent == null) {
      return null;
    }
    TaskLink link = link(parent);
    parent.finish();
    return link;
  }

  private static @Nullable TaskLink link(Fields fields) {
    TaskId task = fields.text("task", LinksReader::id);
    String ref = fields.text("ref", t -> Names.free("it", t));
    if (fields.has("task") == fields.has("ref")) {
      fields.fault(fields.has("ref") ? "ref" : "task", "exactly one of task and ref must be given");
      return null;
    }
    if (task != null) {
      return new TaskLink.Existing(task);
    }
    return ref == null ? null : new TaskLink.InBatch(ref);
  }

  private static TaskId id(String text) {
    try {
      return TaskId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be the id of a task, a lower-case UUID", e);
    }
  }
}
