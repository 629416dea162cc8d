package dev.holdfast.domain.port.node;

/** What several nodes on one storage need to behave as one engine. */
public interface Coordination {

  /**
   * For a storage that only one process can have: there is nobody to hear a hint.
   *
   * @param reason why, for the message of whoever asks for an election all the same
   */
  static Coordination none(String reason) {
    return new None(reason);
  }

  /** Who leads. */
  Elections elections();

  /** Hints between nodes. */
  Signals signals();

  /** There is nobody to coordinate with; {@code reason} says why. */
  record None(String reason) implements Coordination {

    @Override
    public Elections elections() {
      throw new UnsupportedOperationException("no cluster on this storage: " + reason);
    }

    @Override
    public Signals signals() {
      return Signals.SILENT;
    }
  }
}
