package dev.holdfast.http.handler;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which targets tasks may call. A host name that is allowed leads to public addresses only: whoever
 * runs its name server could have it point inside. Addresses inside must be named as such, by
 * themselves or by a range that lies inside as well. Immutable.
 */
final class Targets {

  private static final String LOCALHOST = "localhost";

  private final Set<String> hosts = new HashSet<>();
  private final List<AddressRange> ranges = new ArrayList<>();

  /**
   * Host names, addresses and ranges.
   *
   * @throws IllegalArgumentException if one is malformed
   */
  Targets(List<String> allowed) {
    for (String entry : allowed) {
      String text = entry.strip().toLowerCase(Locale.ROOT);
      if (!text.isEmpty()) {
        String bare = text.startsWith("[") && text.endsWith("]")
            ? text.substring(1, text.length() - 1)
            : text;
        AddressRange.parse(bare).ifPresentOrElse(ranges::add, () -> hosts.add(text));
      }
    }
  }

  /** Whether nothing is allowed. */
  boolean isEmpty() {
    return hosts.isEmpty() && ranges.isEmpty();
  }

  /** Whether this address, which {@code host} led to, may be called. */
  boolean allows(String host, InetAddress address) {
    String name = host.toLowerCase(Locale.ROOT);
    return SpecialAddresses.blockOf(address)
        .map(block -> allowsInside(name, address, block))
        .orElseGet(() -> hosts.contains(name) || covers(address));
  }

  private boolean allowsInside(String name, InetAddress address, AddressRange block) {
    if (name.equals(LOCALHOST) && hosts.contains(LOCALHOST) && address.isLoopbackAddress()) {
      return true;
    }
    return ranges.stream().anyMatch(range -> range.contains(address) && block.contains(range));
  }

  private boolean covers(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }
}
