package dev.holdfast.http.render;

import dev.holdfast.application.engine.ClusterView.Leader;
import dev.holdfast.application.engine.Health;
import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.QueueName;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Nodes, the leader, counts and health as the contract shows them. */
public final class ClusterJson {

  private static final double RATE_WINDOW_SECONDS = 10;

  private ClusterJson() {}

  /** Every node; {@code leader} is the one that leads. */
  public static String nodes(List<NodeView> nodes, @Nullable NodeId leader) {
    return JsonOut.object(
        out -> out.objects("items", nodes, (item, view) -> node(item, view, leader)));
  }

  /** The leader. */
  public static String leader(Leader leader) {
    return JsonOut.object(out -> out.text("node", leader.node())
        .text("address", leader.address())
        .number("term", leader.term())
        .instant("since", leader.since())
        .instant("expiresAt", leader.expiresAt()));
  }

  /** The counts. */
  public static String stats(Stats stats, Duration clockSkew) {
    Map<TaskState, Long> totals = new EnumMap<>(TaskState.class);
    stats
        .queues()
        .values()
        .forEach(counts -> counts.forEach((s, n) -> totals.merge(s, n, Long::sum)));
    var oldest = stats.oldestPendingSince();
    Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, stats.now());
    return JsonOut.object(out -> out.object("states", totals, ClusterJson::counts)
        .objects("queues", new TreeMap<>(stats.queues()).entrySet(), ClusterJson::queue)
        .decimal("oldestPendingSeconds", Math.max(0, age.toMillis() / 1000.0))
        .decimal("completedPerSecond", stats.completedLastTenSeconds() / RATE_WINDOW_SECONDS)
        .number("clockSkewMillis", clockSkew.toMillis()));
  }

  /** What was looked at, and what of it fails. */
  public static String health(boolean well, List<Health.Check> checks) {
    return JsonOut.object(out -> out.text("status", well ? "ok" : "failing")
        .texts(
            "failing",
            checks.stream().filter(c -> !c.ok()).map(Health.Check::name).toList())
        .objects(
            "checks",
            checks,
            (item, check) -> item.text("name", check.name())
                .flag("ok", check.ok())
                .text("detail", check.detail())));
  }

  private static void node(JsonOut out, NodeView view, @Nullable NodeId leader) {
    NodeProfile profile = view.profile();
    out.text("id", profile.node())
        .text("session", view.session())
        .text("role", role(view, leader))
        .text("state", state(profile.condition()))
        .text("address", view.address().isEmpty() ? null : view.address())
        .object("labels", new TreeMap<>(profile.labels()), JsonOut::entries)
        .texts("types", new TreeSet<>(profile.types()))
        .object(
            "slots",
            view,
            (slots, v) -> slots.number("total", v.slots()).number("free", profile.freeSlots()))
        .instant("startedAt", view.startedAt())
        .instant("heartbeatAt", view.heartbeatAt());
  }

  private static String role(NodeView view, @Nullable NodeId leader) {
    if (view.observer()) {
      return "observer";
    }
    NodeProfile profile = view.profile();
    return profile.node().equals(leader) && profile.condition() != NodeCondition.DEAD
        ? "leader"
        : "worker";
  }

  private static String state(NodeCondition condition) {
    return condition == NodeCondition.OBSERVER
        ? "healthy"
        : condition.name().toLowerCase(Locale.ROOT);
  }

  private static void queue(JsonOut out, Map.Entry<QueueName, Map<TaskState, Long>> queue) {
    out.text("name", queue.getKey()).object("states", queue.getValue(), ClusterJson::counts);
  }

  /** Every state, also those without tasks: a reader need not guess what absence means. */
  private static void counts(JsonOut out, Map<TaskState, Long> counts) {
    for (TaskState state : TaskState.values()) {
      out.number(state.code(), counts.getOrDefault(state, 0L));
    }
  }
}
