package dev.holdfast.postgres.submit;

import org.jspecify.annotations.Nullable;

/**
 * What tells the other nodes of new work, with the commit of whoever sends it.
 *
 * @param channel where they listen; null for nowhere
 * @param payload says what there is to look for, and who says it
 */
public record Notice(@Nullable String channel, @Nullable String payload) {

  /** Tells nobody. */
  public static final Notice NONE = new Notice(null, null);

  /** Whether anybody is told. */
  boolean isSent() {
    return channel != null;
  }
}
