package dev.holdfast.chaos.stage;

import java.util.List;
import java.util.Map;

/**
 * A node to be started.
 *
 * @param role as the engine spells it, in lower case
 * @param labels {@code key=value}, with commas between
 * @param url of the database, when not the stage's own
 * @param options further ones for its JVM
 * @param environment further variables
 */
public record NodeSpec(
    String name,
    String role,
    int slots,
    String labels,
    String url,
    List<String> options,
    Map<String, String> environment) {

  /** Leads when it wins, works with 32 slots. */
  public static NodeSpec auto(String name) {
    return new NodeSpec(name, "auto", 32, "", "", List.of("-Xmx192m"), Map.of());
  }

  /** Never leads, works with 32 slots. */
  public static NodeSpec worker(String name) {
    return auto(name).as("worker");
  }

  /** The same in another role. */
  public NodeSpec as(String other) {
    return new NodeSpec(name, other, slots, labels, url, options, environment);
  }

  /** The same with other slots. */
  public NodeSpec withSlots(int other) {
    return new NodeSpec(name, role, other, labels, url, options, environment);
  }

  /** The same with labels. */
  public NodeSpec labelled(String other) {
    return new NodeSpec(name, role, slots, other, url, options, environment);
  }

  /** The same with another way to the database. */
  public NodeSpec at(String other) {
    return new NodeSpec(name, role, slots, labels, other, options, environment);
  }

  /** The same with other options for its JVM. */
  public NodeSpec with(String... others) {
    return new NodeSpec(name, role, slots, labels, url, List.of(others), environment);
  }

  /** The same with variables of the environment. */
  public NodeSpec in(Map<String, String> other) {
    return new NodeSpec(name, role, slots, labels, url, options, other);
  }
}
