package dev.holdfast.http;

import java.time.Duration;

/**
 * What one client may cost.
 *
 * @param maxConnections connections at once; more wait until one ends
 * @param maxStreams event streams at once
 * @param header how long a request may take to arrive up to the end of its header
 * @param body how long a request's content may take to arrive
 * @param idle how long a connection may stay open between two requests
 * @param write how long one write to a client may take before it is cut off
 * @param comment how often an event stream says something when nothing happens
 */
public record HttpLimits(
    int maxConnections,
    int maxStreams,
    Duration header,
    Duration body,
    Duration idle,
    Duration write,
    Duration comment) {

  /** Upper bound in bytes of the content of a request with one task. */
  public static final int SINGLE_BYTES = 2 << 20;

  /** Upper bound in bytes of the content of a request with many tasks. */
  public static final int BATCH_BYTES = 16 << 20;

  /** Upper bound in bytes of a request's header. */
  public static final int HEADER_BYTES = 16 << 10;

  /** Upper bound of header fields. */
  public static final int HEADER_FIELDS = 64;

  /** Upper bound in bytes of a request's target. */
  public static final int URI_BYTES = 8 << 10;

  /** The defaults. */
  public static final HttpLimits DEFAULT = new HttpLimits(
      4096,
      1000,
      Duration.ofSeconds(10),
      Duration.ofSeconds(60),
      Duration.ofSeconds(60),
      Duration.ofSeconds(20),
      Duration.ofSeconds(15));

  public HttpLimits {
    if (maxConnections < 1 || maxStreams < 1) {
      throw new IllegalArgumentException("maxConnections and maxStreams must be positive");
    }
    for (Duration each : new Duration[] {header, body, idle, write, comment}) {
      if (each.isNegative() || each.isZero()) {
        throw new IllegalArgumentException("the durations must be positive, got " + each);
      }
    }
  }
}
