package dev.holdfast.http.web;

import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which hosts a request may be meant for. A page that a browser got from elsewhere can have its
 * name resolve to this machine; its requests carry that name and are refused. Immutable.
 */
public final class HostRule {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost\\.?|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

  private final Set<String> allowed;

  /**
   * Loopback, and these.
   *
   * @param allowed host names or addresses, with a port when only that one will do; IPv6 addresses
   *     in brackets
   */
  public HostRule(Set<String> allowed) {
    Set<String> lower = new TreeSet<>();
    allowed.forEach(host -> lower.add(host.toLowerCase(Locale.ROOT)));
    this.allowed = Set.copyOf(lower);
  }

  /**
   * Checks a request.
   *
   * @throws ProblemException if it is meant for somebody else
   */
  public void check(Call call) {
    List<String> hosts = call.header("Host");
    if (hosts.size() != 1 || !allows(hosts.getFirst(), call.localAddress())) {
      throw new ProblemException(
          ProblemName.MISDIRECTED, "this server does not answer for the host of the request");
    }
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      checkOrigin(call);
    }
  }

  /** A page of another origin may not write, not even by a form that needs no permission. */
  private void checkOrigin(Call call) {
    for (String origin : call.header("Origin")) {
      int scheme = origin.indexOf("://");
      if (scheme < 0 || !allows(origin.substring(scheme + 3), call.localAddress())) {
        throw new ProblemException(
            ProblemName.MISDIRECTED, "this server takes no writes from pages of other origins");
      }
    }
  }

  private boolean allows(String authority, String localAddress) {
    String whole = authority.toLowerCase(Locale.ROOT);
    int colon = whole.lastIndexOf(':');
    boolean hasPort = colon > whole.lastIndexOf(']') && colon > 0;
    String host = hasPort ? whole.substring(0, colon) : whole;
    return LOOPBACK.matcher(host).matches()
        || allowed.contains(whole)
        || allowed.contains(host)
        // A name can be made to point here, a literal cannot: it was typed.
        || host.equals(localAddress);
  }
}
