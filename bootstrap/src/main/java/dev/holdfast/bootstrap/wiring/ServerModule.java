package dev.holdfast.bootstrap.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.holdfast.application.engine.Engine;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.bootstrap.config.HoldfastConfig.Cluster;
import dev.holdfast.bootstrap.config.HoldfastConfig.Http;
import dev.holdfast.http.HttpLimits;
import dev.holdfast.http.HttpServer;
import dev.holdfast.http.HttpSettings;
import dev.holdfast.http.MicrometerMeters;
import dev.holdfast.http.WriteGate;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;

/** The HTTP API and its meters. */
final class ServerModule extends AbstractModule {

  private final Http config;
  private final Cluster cluster;
  private final Closing closing;

  ServerModule(Http config, Cluster cluster, Closing closing) {
    this.config = config;
    this.cluster = cluster;
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

  /** A single node takes every write. */
  @Provides
  @Singleton
  HttpServer server(Engine engine, PrometheusMeterRegistry registry) {
    var settings = new HttpSettings(
        config.host(), config.port(), hosts(), config.insecure(), HttpLimits.DEFAULT);
    WriteGate gate =
        cluster.enabled() ? new ClusterGate(engine.cluster(), cluster) : WriteGate.ALWAYS;
    return closing.add(new HttpServer(engine, settings, gate, registry));
  }

  /** Whoever follows the address that this node gives to others means this node. */
  private Set<String> hosts() {
    Set<String> hosts = new LinkedHashSet<>(config.allowedHosts());
    URI advertised = config.advertisedUrl();
    if (advertised != null) {
      hosts.add(advertised.getHost());
    }
    return hosts;
  }
}
