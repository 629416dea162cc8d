package dev.holdfast.http.handler;

import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.TaskContext;
import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.value.Json;
import dev.holdfast.http.json.Shown;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/**
 * Runs tasks of type {@code http}: one request to a target that was allowed expressly. Looks the
 * target's name up once and connects to the address that it checked; follows no redirect; reads no
 * more than half a MiB and waits no longer than its patience. Safe for concurrent use.
 */
public final class HttpTaskHandler implements Handler {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Targets targets;
  private final Resolver resolver;
  private final SSLSocketFactory tls;
  private final Duration patience;

  /** Looks names up. */
  @FunctionalInterface
  interface Resolver {

    /** All addresses of a host. */
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * Takes no other targets than these.
   *
   * @param allowed host names, addresses, and ranges like {@code 10.0.0.0/8}. A host name opens its
   *     public addresses; private, loopback and link-local ones must be named as addresses or
   *     ranges of their own ({@code localhost} may be named as such)
   * @throws IllegalArgumentException if one is malformed
   */
  public HttpTaskHandler(List<String> allowed) {
    this(
        allowed,
        InetAddress::getAllByName,
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        PATIENCE);
  }

  HttpTaskHandler(
      List<String> allowed, Resolver resolver, SSLSocketFactory tls, Duration patience) {
    this.targets = new Targets(allowed);
    this.resolver = resolver;
    this.tls = tls;
    this.patience = patience;
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("no target is allowed: leave the type out instead");
    }
  }

  @Override
  public Json handle(TaskContext context) throws Exception {
    HttpJob job = HttpJob.read(context.payload());
    HttpReply reply = new HttpExchange(job, checkedAddress(job), tls, patience).run();
    if (!job.expects(reply.status())) {
      throw TaskFailure.of(
          "http_status",
          "the target answered " + reply.status() + ": " + Shown.of(reply.body(), 200));
    }
    return reply.json();
  }

  /** The address to connect to: the first that is allowed. */
  private InetAddress checkedAddress(HttpJob job) throws UnknownHostException {
    String host = job.host();
    return Arrays.stream(resolver.resolve(host))
        .filter(address -> targets.allows(host, address))
        .findFirst()
        .orElseThrow(() -> TaskFailure.fatal(
            "target_not_allowed",
            "no address of " + Shown.of(host) + " is among the allowed targets"));
  }
}
