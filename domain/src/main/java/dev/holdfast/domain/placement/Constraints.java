package dev.holdfast.domain.placement;

import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes may run a task.
 *
 * @param labels a node must carry each with exactly this value; at most {@value #MAX_LABELS}
 * @param allowedNodes when present, the only nodes that may run it; 1..{@value #MAX_NODES}, an
 *     empty list would be nobody and is refused
 * @param forbiddenNodes nodes that may not run it; at most {@value #MAX_NODES}
 */
public record Constraints(
    SortedMap<String, String> labels,
    @Nullable SortedSet<NodeId> allowedNodes,
    SortedSet<NodeId> forbiddenNodes) {

  /** Upper bound of labels. */
  public static final int MAX_LABELS = 50;

  /** Upper bound of nodes in one list. */
  public static final int MAX_NODES = 100;

  /** Every node may run it. */
  public static final Constraints NONE = of(Map.of(), null, List.of());

  public Constraints {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    forbiddenNodes = Collections.unmodifiableSortedSet(new TreeSet<>(forbiddenNodes));
    requireAtMost("labels", labels.size(), MAX_LABELS);
    requireAtMost("forbiddenNodes", forbiddenNodes.size(), MAX_NODES);
    labels.forEach(Constraints::requireLabel);
    if (allowedNodes != null) {
      allowedNodes = Collections.unmodifiableSortedSet(new TreeSet<>(allowedNodes));
      requireAtMost("allowedNodes", allowedNodes.size(), MAX_NODES);
      if (allowedNodes.isEmpty()) {
        throw new IllegalArgumentException("allowedNodes must name at least one node");
      }
    }
  }

  /** Constraints from plain collections; their order does not matter. */
  public static Constraints of(
      Map<String, String> labels,
      @Nullable List<NodeId> allowedNodes,
      List<NodeId> forbiddenNodes) {
    return new Constraints(
        new TreeMap<>(labels),
        allowedNodes == null ? null : new TreeSet<>(allowedNodes),
        new TreeSet<>(forbiddenNodes));
  }

  /** Checks one label, of a task or of a node. */
  public static void requireLabel(String key, String value) {
    Names.free("label key", key);
    Names.free("label value", value);
  }

  /**
   * One text for equal constraints, another for others: the empty text for {@link #NONE}.
   *
   * <p>Each part is written with its length before it, so that no value needs escaping.
   */
  public String canonical() {
    StringBuilder text = new StringBuilder();
    labels.forEach((key, value) -> append(append(text, 'l', key), '=', value));
    if (allowedNodes != null) {
      allowedNodes.forEach(node -> append(text, 'a', node.value()));
    }
    forbiddenNodes.forEach(node -> append(text, 'f', node.value()));
    return text.toString();
  }

  /**
   * Reads what {@link #canonical()} wrote.
   *
   * @throws IllegalArgumentException if the text was not written by it
   */
  public static Constraints parse(String canonical) {
    var labels = new TreeMap<String, String>();
    var allowed = new ArrayList<NodeId>();
    var forbidden = new ArrayList<NodeId>();
    String key = "";
    for (int i = 0; i < canonical.length(); ) {
      int start = canonical.indexOf(':', i) + 1;
      int end = start < i + 3 ? -1 : start + Integer.parseInt(canonical, i + 1, start - 1, 10);
      if (end < start || end > canonical.length()) {
        throw notCanonical(canonical);
      }
      String part = canonical.substring(start, end);
      switch (canonical.charAt(i)) {
        case 'l' -> key = part;
        case '=' -> labels.put(key, part);
        case 'a' -> allowed.add(new NodeId(part));
        case 'f' -> forbidden.add(new NodeId(part));
        default -> throw notCanonical(canonical);
      }
      i = end;
    }
    Constraints parsed = of(labels, allowed.isEmpty() ? null : allowed, forbidden);
    if (!parsed.canonical().equals(canonical)) {
      throw notCanonical(canonical);
    }
    return parsed;
  }

  private static IllegalArgumentException notCanonical(String text) {
    return new IllegalArgumentException("not canonical constraints: " + text);
  }

  private static StringBuilder append(StringBuilder text, char kind, String part) {
    return text.append(kind).append(part.length()).append(':').append(part);
  }

  private static void requireAtMost(String name, int size, int bound) {
    if (size > bound) {
      throw new IllegalArgumentException(
          name + " must have at most " + bound + " entries, got " + size);
    }
  }
}
