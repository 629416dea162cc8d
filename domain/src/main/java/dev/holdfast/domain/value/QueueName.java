package dev.holdfast.domain.value;

/** A queue: the unit of pausing, limits and fairness. */
public record QueueName(String value) implements Comparable<QueueName> {

  /** Validated by {@link Names#plain}. */
  public QueueName {
    Names.plain("queue", value);
  }

  /** The queue of a task that names none. */
  public static final QueueName DEFAULT = new QueueName("default");

  @Override
  public int compareTo(QueueName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
