package dev.holdfast.domain.value;

/** Names the handler that runs a task. */
public record TypeName(String value) implements Comparable<TypeName> {

  /** Validated by {@link Names#plain}. */
  public TypeName {
    Names.plain("type", value);
  }

  @Override
  public int compareTo(TypeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
