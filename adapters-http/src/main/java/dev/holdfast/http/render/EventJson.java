package dev.holdfast.http.render;

import dev.holdfast.domain.event.TaskEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as the contract shows them. */
public final class EventJson {

  private EventJson() {}

  /** One event, on one line. */
  public static String event(TaskEvent event) {
    return JsonOut.object(out -> members(out, event));
  }

  /** A page of one task's events. */
  public static String page(List<TaskEvent> items, @Nullable Integer nextAfter) {
    return JsonOut.object(
        out -> out.objects("items", items, EventJson::members).number("nextAfter", nextAfter));
  }

  private static void members(JsonOut out, TaskEvent event) {
    out.text("taskId", event.task())
        .number("version", event.version())
        .text("type", event.type().code())
        .instant("at", event.at())
        .text("node", event.node())
        .number("attempt", event.attempt())
        .object("detail", event.detail(), JsonOut::entries);
  }
}
