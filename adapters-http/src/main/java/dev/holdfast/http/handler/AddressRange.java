package dev.holdfast.http.handler;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of addresses, as {@code 10.0.0.0/8} or a single address.
 *
 * @param bits how many leading bits are fixed
 */
record AddressRange(InetAddress network, int bits) {

  /** Full literals only: no name is ever looked up, and {@code 127.1} is no literal here. */
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /** A range of the built-in lists. */
  static AddressRange of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a range: " + text));
  }

  /**
   * Reads a range or an address; empty when it is neither.
   *
   * @throws IllegalArgumentException if it looks like a range and is none
   */
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (!LITERAL.matcher(address).matches()) {
      if (slash >= 0) {
        throw new IllegalArgumentException("not an address range: " + text);
      }
      return Optional.empty();
    }
    try {
      InetAddress network = InetAddress.getByName(address);
      int most = network.getAddress().length * 8;
      int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > most) {
        throw new IllegalArgumentException("not an address range: " + text);
      }
      return Optional.of(new AddressRange(network, bits));
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("not an address range: " + text, e);
    }
  }

  /** Whether the address lies in the range. */
  boolean contains(InetAddress address) {
    byte[] one = network.getAddress();
    byte[] other = address.getAddress();
    if (one.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((one[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether every address of the other range lies in this one. */
  boolean contains(AddressRange other) {
    return other.bits >= bits && contains(other.network);
  }
}
