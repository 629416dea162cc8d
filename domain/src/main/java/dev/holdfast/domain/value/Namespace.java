package dev.holdfast.domain.value;

/** Separates tenants; no default path crosses it. */
public record Namespace(String value) implements Comparable<Namespace> {

  /** Validated by {@link Names#plain}. */
  public Namespace {
    Names.plain("namespace", value);
  }

  /** The namespace of a task that names none. */
  public static final Namespace DEFAULT = new Namespace("default");

  @Override
  public int compareTo(Namespace other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
