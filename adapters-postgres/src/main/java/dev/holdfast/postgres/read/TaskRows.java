package dev.holdfast.postgres.read;

import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskError;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.Rows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns rows of the overview into views. */
final class TaskRows {

  private TaskRows() {}

  static TaskState state(Row row) throws SQLException {
    return TaskState.valueOf(row.text("state").toUpperCase(Locale.ROOT));
  }

  /** With payload, result, stack traces and queue position. */
  static TaskView full(Row row) throws SQLException {
    TaskState state = state(row);
    return view(
        row,
        new Json(row.text("payload")),
        state == TaskState.COMPLETED ? Rows.optionalJson(row.optionalText("result")) : null,
        row.texts("error_stacks"),
        row.optionalInteger("queue_position"));
  }

  /** Without them. */
  static TaskView brief(Row row) throws SQLException {
    return view(row, null, null, List.of(), null);
  }

  private static TaskView view(
      Row row,
      @Nullable Json payload,
      @Nullable Json result,
      List<@Nullable String> stacks,
      @Nullable Integer position)
      throws SQLException {
    TaskDefinition task = Rows.definition(row, Rows.lane(row));
    TaskState state = state(row);
    boolean live = row.flag("live");
    return new TaskView(
        task,
        payload,
        state,
        attempt(row),
        version(row, live),
        lease(row),
        live ? Rows.progress(row) : null,
        row.optionalText("cancel_reason") != null,
        row.optionalInstant("due_at"),
        expiresAt(row, task),
        row.optionalInstant("started_at"),
        row.optionalInstant("ended_at"),
        result,
        error(row, stacks),
        edges(task.id(), row),
        position);
  }

  /** The place of a waiting task names the attempt that is still to come. */
  private static int attempt(Row row) throws SQLException {
    int attempt = row.integer("attempt");
    return row.flag("claimed") ? attempt : attempt - 1;
  }

  /** An end may stand for two events. */
  private static int version(Row row, boolean live) throws SQLException {
    int version = row.integer("v");
    if (live) {
      return version;
    }
    return switch (RunEnd.Kind.of(row.integer("kind"))) {
      case FAILED, LOST -> version + 1;
      case COMPLETED, RELEASED, CANCELLED, TIMED_OUT, UPSTREAM_FAILED, SUSPENDED -> version;
    };
  }

  private static TaskView.@Nullable Lease lease(Row row) throws SQLException {
    String node = row.optionalText("node");
    return node == null
        ? null
        : new TaskView.Lease(new NodeId(node), row.integer("fence"), row.instant("claimed_at"));
  }

  private static @Nullable Instant expiresAt(Row row, TaskDefinition task) throws SQLException {
    Instant set = row.optionalInstant("expires_at");
    return set == null ? task.expiryFrom(task.createdAt()) : set;
  }

  private static @Nullable TaskError error(Row row, List<@Nullable String> stacks)
      throws SQLException {
    return Rows.error(row.texts("error_types"), row.texts("error_messages"), stacks);
  }

  private static List<Edge> edges(TaskId task, Row row) throws SQLException {
    List<UUID> ups = row.uuids("ups");
    List<Boolean> required = row.flags("ups_required");
    List<Edge> edges = new ArrayList<>(ups.size());
    for (int i = 0; i < ups.size(); i++) {
      edges.add(new Edge(new TaskId(ups.get(i)), task, required.get(i)));
    }
    return edges;
  }
}
