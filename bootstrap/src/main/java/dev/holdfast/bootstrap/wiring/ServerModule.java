package dev.holdfast.bootstrap.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.bootstrap.config.HoldfastConfig.Http;
import dev.holdfast.http.HttpLimits;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.HttpSettings;
import dev.holdfast.http.MicrometerMeters;
import dev.holdfast.http.WriteGate;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;

/** The HTTP API and its meters. */
final class ServerModule extends AbstractModule {

  private final Http config;
  private final Closing closing;

  ServerModule(Http config, Closing closing) {
    this.config = config;
    this.closing = closing;
  }

  @Provides
  @Singleton
  PrometheusMeterRegistry registry() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  @Provides
  @Singleton
  Meters meters(PrometheusMeterRegistry registry) {
    return new MicrometerMeters(registry);
  }

  /** One node takes every write: there is no other yet. */
  @Provides
  @Singleton
  HttpServer server(Engine engine, PrometheusMeterRegistry registry) {
    var settings = new HttpSettings(
        config.host(),
        config.port(),
        Set.copyOf(config.allowedHosts()),
        config.insecure(),
        HttpLimits.DEFAULT);
    return closing.add(new HttpServer(engine, settings, WriteGate.ALWAYS, registry));
  }
}
