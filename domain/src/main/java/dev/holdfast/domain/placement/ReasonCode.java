package dev.holdfast.domain.placement;

/** Why a node does not run a task. */
public enum ReasonCode {
  /** It has no handler for the type. */
  MISSING_EXECUTOR,
  /** It lacks a required label or has another value for it. */
  LABEL,
  /** The task names the nodes that may run it, and this is none of them. */
  NOT_ALLOWED,
  /** The task forbids this node. */
  FORBIDDEN,
  /** All its slots are taken. */
  AT_CAPACITY,
  /** See {@link NodeCondition#DRAINING}. */
  DRAINING,
  /** See {@link NodeCondition#STALE}. */
  STALE,
  /** See {@link NodeCondition#DEAD}. */
  DEAD,
  /** See {@link NodeCondition#OBSERVER}. */
  OBSERVER;

  /** The code as the HTTP contract spells it, for example {@code missing-executor}. */
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
