package dev.holdfast.http.handler;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Address blocks that are not part of the public internet, or lead around what is allowed. */
final class SpecialAddresses {

  private static final List<AddressRange> BLOCKS = Stream.of(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          // The unspecified and the loopback address, and addresses of IPv4 in disguise.
          "::/96",
          "64:ff9b::/96",
          "64:ff9b:1::/48",
          "100::/64",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "fc00::/7",
          "fe80::/10",
          "fec0::/10",
          "ff00::/8")
      .map(AddressRange::of)
      .toList();

  private SpecialAddresses() {}

  /** The block that the address lies in; empty for a public one. */
  static Optional<AddressRange> blockOf(InetAddress address) {
    return BLOCKS.stream().filter(block -> block.contains(address)).findFirst();
  }
}
