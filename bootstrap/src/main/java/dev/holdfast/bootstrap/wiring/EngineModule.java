package dev.holdfast.bootstrap.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoMap;
import com.google.inject.multibindings.StringMapKey;
import dev.holdfast.application.cluster.ClusterSettings;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.engine.EngineBuilder;
import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.bootstrap.config.HoldfastConfig;
import dev.holdfast.bootstrap.config.HoldfastConfig.Cluster;
import dev.holdfast.bootstrap.config.HoldfastConfig.Node;
import dev.holdfast.bootstrap.handlers.BuiltInHandlers;
import dev.holdfast.bootstrap.handlers.process.ProcessHandler;
import dev.holdfast.bootstrap.handlers.process.Programs;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.http.handler.HttpTaskHandler;
import dev.holdfast.jackson.JacksonJsonMapper;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The storage, the engine on it and the task types it has. */
final class EngineModule extends AbstractModule {

  private final HoldfastConfig config;
  private final Map<String, String> environment;
  private final Closing closing;

  EngineModule(HoldfastConfig config, Map<String, String> environment, Closing closing) {
    this.config = config;
    this.environment = environment;
    this.closing = closing;
  }

  @Provides
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Provides
  @Singleton
  JsonMapper mapper() {
    return new JacksonJsonMapper();
  }

  @Provides
  @Singleton
  Storage storage(InstantSource clock) {
    return closing.add(Storages.open(config.storage(), clock));
  }

  @Provides
  EngineSettings settings() {
    Node node = config.node();
    return new EngineSettings(
        node.id(),
        config.http().address(),
        node.labels(),
        node.slots(),
        node.heartbeat(),
        node.staleAfter(),
        node.deadAfter(),
        node.longestPoll(),
        node.stopGrace());
  }

  @ProvidesIntoMap
  @StringMapKey("process")
  Handler process(JsonMapper mapper) {
    String path = environment.getOrDefault("PATH", "");
    Programs programs = Programs.resolve(config.executors().processAllow(), path);
    return new ProcessHandler(mapper, programs, environment);
  }

  @Provides
  @Singleton
  Engine engine(
      Storage storage,
      JsonMapper mapper,
      EngineSettings settings,
      Map<String, Handler> handlers,
      Meters meters,
      InstantSource clock) {
    var builder = new EngineBuilder(storage, mapper, settings).meters(meters).wallClock(clock);
    Cluster cluster = config.cluster();
    if (cluster.enabled()) {
      builder.cluster(new ClusterSettings(
          cluster.role(), cluster.lease(), cluster.renew(), ClusterSettings.DEFAULT.watch()));
    }
    if (config.retention() != null) {
      builder.retention(config.retention());
    }
    BuiltInHandlers.of(mapper).forEach(builder::handler);
    handlers.forEach(builder::handler);
    List<String> targets = config.executors().httpAllow();
    if (!targets.isEmpty()) {
      builder.handler("http", new HttpTaskHandler(targets));
    }
    return closing.add(builder.start());
  }
}
