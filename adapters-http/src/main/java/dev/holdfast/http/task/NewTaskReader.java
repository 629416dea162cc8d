package dev.holdfast.http.task;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.Namespace;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.http.json.Faults;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.JsonValue;
import dev.holdfast.http.json.Scalars;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one new task. Belongs to one thread. */
final class NewTaskReader {

  private final Faults faults;
  private final Faults tooLarge;

  NewTaskReader(Faults faults, Faults tooLarge) {
    this.faults = faults;
    this.tooLarge = tooLarge;
  }

  /** The task, or null when there are faults. */
  @Nullable
  NewTask read(JsonValue value, String pointer) {
    Fields fields = Fields.of(value, pointer, faults);
    if (!(value instanceof JsonValue.Members)) {
      return null;
    }
    TaskAddress address = address(fields);
    Json payload = payload(fields);
    Integer priority = fields.integer("priority", 0, NewTask.MAX_PRIORITY);
    Due due = due(fields);
    RunPolicy policy = new PolicyReader(fields).policy();
    Constraints constraints = ConstraintsReader.read(fields.object("constraints"));
    String key = fields.text("idempotencyKey", t -> Names.free("it", t, NewTask.MAX_KEY_LENGTH));
    List<Dependency> dependsOn = LinksReader.dependencies(fields, faults);
    TaskLink parent = LinksReader.parent(fields.object("parent"));
    String ref = fields.text("ref", t -> Names.free("it", t));
    List<String> tags = fields.texts("tags", NewTask.MAX_TAGS, t -> Names.free("it", t));
    fields.finish();
    if (!faults.isEmpty() || address == null || payload == null) {
      return null;
    }
    return new NewTask(
        address,
        payload,
        priority == null ? NewTask.DEFAULT_PRIORITY : priority,
        due,
        policy,
        constraints,
        key,
        dependsOn,
        parent,
        ref,
        tags == null ? List.of() : tags);
  }

  private static @Nullable TaskAddress address(Fields fields) {
    TypeName type = fields.text("type", TypeName::new);
    Namespace namespace = fields.text("namespace", Namespace::new);
    QueueName queue = fields.text("queue", QueueName::new);
    if (!fields.has("type")) {
      fields.fault("type", "is required");
    }
    return type == null
        ? null
        : new TaskAddress(
            namespace == null ? Namespace.DEFAULT : namespace,
            queue == null ? QueueName.DEFAULT : queue,
            type);
  }

  private @Nullable Json payload(Fields fields) {
    String source = fields.opaque("payload");
    if (source == null) {
      return Json.EMPTY_OBJECT;
    }
    Json payload = new Json(source);
    if (payload.sizeInBytes() > NewTask.MAX_PAYLOAD_BYTES) {
      tooLarge.add(
          fields.at("payload"), "must have at most 1 MiB, got " + payload.sizeInBytes() + " bytes");
      return null;
    }
    return payload;
  }

  private static Due due(Fields fields) {
    Due at = fields.text("runAt", text -> new Due.At(Scalars.instant(text)));
    Duration after = fields.text("delay", PolicyReader::duration);
    if (fields.has("runAt") && fields.has("delay")) {
      fields.fault("delay", "must not be given together with runAt");
    }
    if (after != null) {
      return new Due.After(after);
    }
    return at == null ? Due.NOW : at;
  }
}
