package dev.holdfast.domain.run;

/**
 * What must survive a race is written on the place row; this is the small part of it.
 *
 * @param bits a set of the constants of this class
 */
public record Marks(int bits) {

  /** Nothing to remember. */
  public static final Marks NONE = new Marks(0);

  /** Other tasks depend on this one: its end must look for them. */
  public static final Marks DEPENDANTS = new Marks(1);

  /** It was woken while its handler ran: a suspension returns to the queue at once. */
  public static final Marks WAKE = new Marks(2);

  /** Its start must be recorded before its handler is called, since a claim of it was lost. */
  public static final Marks MARK_START = new Marks(32);

  /** Whether every bit of {@code other} is set. */
  public boolean has(Marks other) {
    return (bits & other.bits) == other.bits;
  }

  /** These and the others. */
  public Marks with(Marks other) {
    return new Marks(bits | other.bits);
  }

  /** These without the others. */
  public Marks without(Marks other) {
    return new Marks(bits & ~other.bits);
  }
}
