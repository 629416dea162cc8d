package dev.holdfast.domain.value;

import java.util.Objects;
import java.util.UUID;

/** Identifies a task: a UUID of version 7, so that ids grow with the time of their creation. */
public record TaskId(UUID value) implements Comparable<TaskId> {

  public TaskId {
    Objects.requireNonNull(value, "value");
  }

  /**
   * Reads the canonical lower-case form.
   *
   * @throws IllegalArgumentException for anything else, upper case and short forms included
   */
  public static TaskId parse(String text) {
    UUID uuid = UUID.fromString(text);
    if (!uuid.toString().equals(text)) {
      throw new IllegalArgumentException("not a canonical UUID");
    }
    return new TaskId(uuid);
  }

  /** Byte order, as databases compare UUIDs; {@link UUID#compareTo} is signed and differs. */
  @Override
  public int compareTo(TaskId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
