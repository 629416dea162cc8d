package dev.holdfast.application.node;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.engine.Retention;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.value.TypeName;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node is made of.
 *
 * @param cluster null for a node that has its storage for itself
 * @param retention null to keep everything
 * @param wallClock only compared with the storage's clock, to report the skew
 */
public record NodeParts(
    Storage storage,
    JsonMapper json,
    EngineSettings settings,
    @Nullable ClusterSettings cluster,
    @Nullable Retention retention,
    Map<TypeName, Handler> handlers,
    InstantSource wallClock,
    Meters meters,
    Host host) {

  /** How many handlers it runs at once: an observer runs none. */
  int slots() {
    return cluster == null || cluster.role().mayWork() ? settings.slots() : 0;
  }

  /** How it presents itself to the storage. */
  NodeStart start(Set<TypeName> types) {
    return new NodeStart(
        settings.node(),
        settings.address(),
        settings.labels(),
        types,
        slots(),
        settings.staleAfter(),
        settings.timeToLive(),
        mode());
  }

  private NodeStart.Mode mode() {
    if (cluster == null) {
      return NodeStart.Mode.ALONE;
    }
    return cluster.role().mayWork() ? NodeStart.Mode.MEMBER : NodeStart.Mode.OBSERVER;
  }
}
