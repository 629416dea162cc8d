package dev.holdfast.domain.placement;

/** Whether a node takes work. */
public enum NodeCondition {
  /** Heartbeats arrive; it takes work. */
  HEALTHY,
  /** Its heartbeat is late; it is not counted on. */
  STALE,
  /** Its session has ended. */
  DEAD,
  /** It finishes what it has and takes nothing new. */
  DRAINING,
  /** It only reads, by configuration. */
  OBSERVER
}
