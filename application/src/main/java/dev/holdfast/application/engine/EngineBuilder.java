package dev.holdfast.application.engine;

import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.node.NodeEngine;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TypeName;
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
  private Meters meters = Meters.NONE;
  private InstantSource wallClock = InstantSource.system();

  /** An engine on this storage, which stays the caller's to close. */
  public EngineBuilder(Storage storage, JsonMapper json, EngineSettings settings) {
    this.storage = storage;
    this.json = json;
    this.settings = settings;
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
    JsonMapper mapper = json;
    return handler(type, context -> {
      Object result = handler.handle(mapper.read(context.payload(), payloadType), context);
      return result instanceof Json text ? text : mapper.write(result);
    });
  }

  /**
   * Opens a session and starts to work.
   *
   * @throws StorageHeld if somebody else holds the storage exclusively
   */
  public Engine start() {
    return new NodeEngine(storage, json, settings, handlers, wallClock, meters);
  }

  /** A handler whose payload is of a type. */
  @FunctionalInterface
  public interface TypedHandler<P> {

    /** As {@link Handler#handle}; a null result is the JSON {@code null}. */
    @Nullable
    Object handle(P payload, TaskContext context) throws Exception;
  }
}
