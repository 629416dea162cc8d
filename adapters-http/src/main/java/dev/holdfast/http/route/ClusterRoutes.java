package dev.holdfast.http.route;

import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.render.ClusterJson;
import dev.holdfast.http.web.Answer;
import dev.holdfast.http.web.Request;
import dev.holdfast.http.web.Route;
import java.util.List;

/** Shows nodes, the leader and counts. Safe for concurrent use. */
public final class ClusterRoutes {

  private final ClusterView cluster;

  /** Over what a node knows of all. */
  public ClusterRoutes(ClusterView cluster) {
    this.cluster = cluster;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.get("/v1/nodes", this::nodes),
        Route.get("/v1/leader", this::leader),
        Route.get("/v1/stats", this::stats));
  }

  private Answer nodes(Request request) {
    var leader = cluster.leader().map(ClusterView.Leader::node).orElse(null);
    return Answer.json(200, ClusterJson.nodes(cluster.nodes(), leader));
  }

  private Answer leader(Request request) {
    return Answer.json(
        200,
        ClusterJson.leader(cluster
            .leader()
            .orElseThrow(
                () -> new ProblemException(ProblemName.NOT_FOUND, "there is no leader now"))));
  }

  private Answer stats(Request request) {
    return Answer.json(200, ClusterJson.stats(cluster.stats(), cluster.clockSkew()));
  }
}
