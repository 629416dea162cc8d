package dev.holdfast.chaos.trace;

import dev.holdfast.chaos.node.NodeLog;

/**
 * A line of the nodes' own log.
 *
 * @param process the process id: a node may have had several
 * @param nanos of the machine's monotonic clock
 */
public record NodeLine(
    NodeLog.Mark mark,
    String task,
    int run,
    int attempt,
    String node,
    long process,
    long nanos,
    String more) {

  /** Reads what {@link NodeLog#add} wrote. */
  public static NodeLine parse(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 8) {
      throw new IllegalArgumentException("not a line of a node: " + line);
    }
    return new NodeLine(
        NodeLog.Mark.valueOf(parts[0]),
        parts[1],
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]),
        parts[4],
        Long.parseLong(parts[5]),
        Long.parseLong(parts[6]),
        parts[7]);
  }
}
