package dev.holdfast.application.engine;

import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.node.NodeEngine;
import dev.holdfast.application.node.NodeParts;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TypeName;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts an engine together. Belongs to one thread. */
public final class EngineBuilder {

  private final Storage storage;
  private final JsonMapper json;
  private final Map<TypeName, Handler> handlers = new LinkedHashMap<>();
  private final EngineSettings settings;
  private @Nullable ClusterSettings clusterSettings;
  private Meters meters = Meters.NONE;
  private InstantSource wallClock = InstantSource.system();
  private @Nullable Retention retention;
  private @Nullable Host host;

  /** An engine on this storage, which stays the caller's to close. */
  public EngineBuilder(Storage storage, JsonMapper json, EngineSettings settings) {
    this.storage = storage;
    this.json = json;
    this.settings = settings;
  }

  /** Shares the storage with other nodes, instead of having it for itself. */
  public EngineBuilder cluster(ClusterSettings other) {
    this.clusterSettings = other;
    return this;
  }

  /**
   * Removes what has ended after a while; everything is kept for ever otherwise. The leader does so
   * for all nodes.
   */
  public EngineBuilder retention(Retention other) {
    this.retention = other;
    return this;
  }

  /** Reports to these meters. */
  public EngineBuilder meters(Meters other) {
    this.meters = other;
    return this;
  }

  /** Reports the skew of this clock against the storage's. It decides nothing. */
  public EngineBuilder wallClock(InstantSource other) {
    this.wallClock = other;
    return this;
  }

  /** Runs on this host instead of on threads of its own: for simulators. */
  public EngineBuilder host(Host other) {
    this.host = other;
    return this;
  }

  /**
   * Registers what runs tasks of a type.
   *
   * @throws IllegalArgumentException if the type has a handler already
   */
  public EngineBuilder handler(String type, Handler handler) {
    if (handlers.putIfAbsent(new TypeName(type), handler) != null) {
      throw new IllegalArgumentException("type " + type + " has a handler already");
    }
    return this;
  }

  /** Registers a typed handler: the payload is read as {@code payloadType}, the result written. */
  public <P> EngineBuilder handler(String type, Class<P> payloadType, TypedHandler<P> handler) {
    return handler(type, new Typed<>(json, payloadType, handler));
  }

  private record Typed<P>(JsonMapper json, Class<P> type, TypedHandler<P> handler)
      implements Handler {

    @Override
    public Json handle(TaskContext context) throws Exception {
      Object result = handler.handle(json.read(context.payload(), type), context);
      return result instanceof Json text ? text : json.write(result);
    }
  }

  /**
   * Opens a session and starts to work.
   *
   * @throws StorageHeld if somebody else holds the storage exclusively
   * @throws LeaderActive if the node must lead, and another one does
   */
  public Engine start() {
    Host driver =
        host != null ? host : new LoopThreads(settings.node().value(), meters, new SecureRandom());
    return new NodeEngine(new NodeParts(
        storage, json, settings, clusterSettings, retention, handlers, wallClock, meters, driver));
  }

  /** A handler whose payload is of a type. */
  @FunctionalInterface
  public interface TypedHandler<P> {

    /** As {@link Handler#handle}; a null result is the JSON {@code null}. */
    @Nullable
    Object handle(P payload, TaskContext context) throws Exception;
  }
}
