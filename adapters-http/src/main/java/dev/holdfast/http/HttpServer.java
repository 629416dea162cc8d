package dev.holdfast.http;

import dev.holdfast.application.engine.Engine;
import dev.holdfast.http.problem.Problems;
import dev.holdfast.http.route.ActionRoutes;
import dev.holdfast.http.route.ClusterRoutes;
import dev.holdfast.http.route.EventRoutes;
import dev.holdfast.http.route.OperationRoutes;
import dev.holdfast.http.route.SubmitRoutes;
import dev.holdfast.http.route.TaskRoutes;
import dev.holdfast.http.stream.EventFeed;
import dev.holdfast.http.web.Dispatcher;
import dev.holdfast.http.web.HostRule;
import dev.holdfast.http.web.Route;
import dev.holdfast.http.web.Router;
import dev.holdfast.http.web.Waits;
import dev.holdfast.http.wire.Transport;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API of an engine. Start it once, stop it once; safe for concurrent use in between.
 */
public final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Waits waits = new Waits();
  private final Router router;
  private final Transport transport;
  private final HttpMeters meters;

  /**
   * A server that does not listen yet. The engine stays the caller's to stop, after the server.
   *
   * @throws IllegalArgumentException if the settings would open the server to others without being
   *     meant to
   */
  public HttpServer(
      Engine engine, HttpSettings settings, WriteGate gate, PrometheusMeterRegistry registry) {
    this.router = new Router(routes(engine, settings, registry));
    this.meters = new HttpMeters(registry);
    Problems problems = new Problems(() -> ThreadLocalRandom.current().nextLong());
    Dispatcher dispatcher =
        new Dispatcher(router, new HostRule(settings.hosts()), gate, problems, waits);
    this.transport = new Transport(
        settings.address(), settings.port(), settings.limits(), dispatcher, problems, meters);
    meters.watch(transport);
  }

  private List<Route> routes(
      Engine engine, HttpSettings settings, PrometheusMeterRegistry registry) {
    HttpLimits limits = settings.limits();
    EventFeed feed = new EventFeed(engine.events(), waits, limits.comment(), limits.maxStreams());
    List<Route> routes = new ArrayList<>();
    routes.addAll(new SubmitRoutes(engine.tasks(), engine.queries()).routes());
    routes.addAll(
        new TaskRoutes(engine.tasks(), engine.queries(), engine.events().log(), waits).routes());
    routes.addAll(new ActionRoutes(engine.tasks(), engine.queries()).routes());
    routes.addAll(new ClusterRoutes(engine.cluster()).routes());
    routes.addAll(new EventRoutes(engine.events().log(), feed).routes());
    routes.addAll(new OperationRoutes(engine::health, registry, waits).routes());
    return routes;
  }

  /**
   * Binds and serves.
   *
   * @return the port
   * @throws IllegalStateException if it cannot bind
   */
  public int start() {
    int port = transport.start();
    LOG.atInfo().addKeyValue("port", port).log("serving HTTP");
    return port;
  }

  /** What it serves: method and path template, for example {@code GET /v1/tasks/{id}}. */
  public List<String> routes() {
    return router.routes().stream()
        .map(route -> route.method() + " " + route.template())
        .toList();
  }

  /**
   * Stops: event streams and waits end at once with what they have, new requests are refused,
   * those under way may go on for as long as {@code grace}. Idempotent.
   */
  public void stop(Duration grace) {
    waits.stop();
    long until = System.nanoTime() + grace.toNanos();
    while (transport.active() > 0 && System.nanoTime() < until) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    transport.stop();
    meters.close();
  }

  @Override
  public void close() {
    stop(Duration.ofSeconds(5));
  }
}
