package dev.holdfast.http.route;

import dev.holdfast.application.engine.Health;
import dev.holdfast.http.render.ClusterJson;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Request;
import dev.holdfast.http.web.Route;
import dev.holdfast.http.web.Waits;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Tells how the server is, and what it can do. Safe for concurrent use. */
public final class OperationRoutes {

  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<Health> health;
  private final PrometheusMeterRegistry registry;
  private final Waits waits;
  private final String openapi = resource();

  /** Over an engine's health and the meters; {@code waits} tells when the server stops. */
  public OperationRoutes(Supplier<Health> health, PrometheusMeterRegistry registry, Waits waits) {
    this.health = health;
    this.registry = registry;
    this.waits = waits;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.operation("/livez", this::live),
        Route.operation("/readyz", this::ready),
        Route.operation("/metrics", request -> Answer.of(200, METRICS, registry.scrape())),
        Route.operation("/openapi.json", request -> Answer.json(200, openapi)));
  }

  private Answer live(Request request) {
    Health now = health.get();
    return answer(now.isLive(), now.live());
  }

  private Answer ready(Request request) {
    Health now = health.get();
    if (!waits.isStopped()) {
      return answer(now.isReady(), now.ready());
    }
    List<Health.Check> checks = new ArrayList<>(now.ready());
    checks.add(new Health.Check("http", false, "the server is stopping"));
    return answer(false, checks);
  }

  private static Answer answer(boolean well, List<Health.Check> checks) {
    return Answer.json(well ? 200 : 503, ClusterJson.health(well, checks));
  }

  private static String resource() {
    try (InputStream in = Objects.requireNonNull(
        OperationRoutes.class.getResourceAsStream("/dev/holdfast/http/openapi.json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
