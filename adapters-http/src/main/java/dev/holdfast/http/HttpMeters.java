package dev.holdfast.http;

import dev.holdfast.http.wire.Transport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.time.Duration;
import java.util.Set;

/** What is measured of requests, and of the process they run in. Safe for concurrent use. */
final class HttpMeters implements Transport.Observer, AutoCloseable {

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final MeterRegistry registry;
  private final JvmGcMetrics gc = new JvmGcMetrics();

  HttpMeters(MeterRegistry registry) {
    this.registry = registry;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /** Shows how busy the transport is. */
  void watch(Transport transport) {
    Gauge.builder("holdfast.http.active", transport, Transport::active).register(registry);
    Gauge.builder("holdfast.http.connections", transport, Transport::connections)
        .register(registry);
  }

  @Override
  public void answered(String method, String route, int status, Duration took) {
    Timer.builder("holdfast.http.requests")
        .description("Requests, by the time to their last byte")
        .tag("method", METHODS.contains(method) ? method : "other")
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(took);
  }

  @Override
  public void close() {
    gc.close();
  }
}
