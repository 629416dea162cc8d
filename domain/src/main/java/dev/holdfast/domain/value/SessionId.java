package dev.holdfast.domain.value;

/** One run of one node: grows with every start, never reused. */
public record SessionId(long value) {

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
