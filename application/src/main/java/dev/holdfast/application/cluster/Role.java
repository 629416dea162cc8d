package dev.holdfast.application.cluster;

/** What a node of a cluster may be. */
public enum Role {
  /** Leads when it wins, works always. */
  AUTO,
  /** Must win at its start, or refuses to start. Works too. */
  LEADER,
  /** Works, never leads. */
  WORKER,
  /** Reads only: claims nothing, never leads. */
  OBSERVER;

  /** Whether it contends for the lead. */
  public boolean mayLead() {
    return this == AUTO || this == LEADER;
  }

  /** Whether it runs tasks. */
  public boolean mayWork() {
    return this != OBSERVER;
  }
}
