package dev.holdfast.http.task;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which nodes may run a task. */
final class ConstraintsReader {

  private ConstraintsReader() {}

  static Constraints read(@Nullable Fields fields) {
    if (fields == null) {
      return Constraints.NONE;
    }
    Map<String, String> labels = labels(fields, fields.object("labels"));
    List<NodeId> allowed = fields.texts("allowedNodes", Constraints.MAX_NODES, NodeId::new);
    List<NodeId> forbidden = fields.texts("forbiddenNodes", Constraints.MAX_NODES, NodeId::new);
    fields.finish();
    if (allowed != null && allowed.isEmpty()) {
      fields.fault("allowedNodes", "must name at least one node");
      allowed = null;
    }
    return Constraints.of(labels, allowed, forbidden == null ? List.of() : forbidden);
  }

  private static Map<String, String> labels(Fields constraints, @Nullable Fields labels) {
    Map<String, String> read = new LinkedHashMap<>();
    if (labels == null) {
      return read;
    }
    if (labels.all().size() > Constraints.MAX_LABELS) {
      constraints.fault("labels", "must have at most " + Constraints.MAX_LABELS + " members");
      return read;
    }
    for (Map.Entry<String, JsonValue> member : labels.all().entrySet()) {
      String key = labels.read(
          labels.at(member.getKey()), member.getKey(), t -> Names.free("a label key", t));
      String value = labels.text(member.getKey(), t -> Names.free("a label value", t));
      if (key != null && value != null) {
        read.put(key, value);
      }
    }
    return read;
  }
}
