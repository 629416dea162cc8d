package dev.holdfast.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Where and how a server listens.
 *
 * @param host a host name or address of this machine
 * @param port 0 for any free one
 * @param allowedHosts hosts that requests may be meant for besides loopback and {@code host}; each
 *     with a port when only that one will do
 * @param insecure whether others than this machine may be served, although nobody is asked who
 *     they are
 */
public record HttpSettings(
    String host, int port, Set<String> allowedHosts, boolean insecure, HttpLimits limits) {

  /** The loopback address and the default port. */
  public static final HttpSettings DEFAULT =
      new HttpSettings("127.0.0.1", 8080, Set.of(), false, HttpLimits.DEFAULT);

  public HttpSettings {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(limits, "limits");
    allowedHosts = Set.copyOf(allowedHosts);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("HOLDFAST_HTTP_PORT must be 0..65535, got " + port);
    }
  }

  /** The same on another port. */
  public HttpSettings withPort(int other) {
    return new HttpSettings(host, other, allowedHosts, insecure, limits);
  }

  /** The same with other limits. */
  public HttpSettings withLimits(HttpLimits other) {
    return new HttpSettings(host, port, allowedHosts, insecure, other);
  }

  /**
   * The address to bind to.
   *
   * @throws IllegalArgumentException if it is none of this machine's, or if it is open to others
   *     without being meant to
   */
  InetAddress address() {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("HOLDFAST_HTTP_HOST " + host + " has no address", e);
    }
    if (!address.isLoopbackAddress() && !insecure) {
      throw new IllegalArgumentException("HOLDFAST_HTTP_HOST " + host
          + " is not a loopback address, and there is no authentication yet: whoever reaches it may"
          + " run tasks. Set HOLDFAST_HTTP_INSECURE=true if that is meant");
    }
    return address;
  }

  /** The hosts that requests may be meant for, besides loopback. */
  Set<String> hosts() {
    Set<String> hosts = new LinkedHashSet<>(allowedHosts);
    hosts.add(host.indexOf(':') >= 0 ? "[" + host + "]" : host);
    return hosts;
  }
}
