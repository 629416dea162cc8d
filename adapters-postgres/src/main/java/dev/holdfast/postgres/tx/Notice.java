package dev.holdfast.postgres.tx;

import org.jdbi.v3.core.Handle;
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

  private static final String NOTIFY = """
      SELECT pg_notify(:channel, :payload)
      """;

  void send(Handle handle) {
    if (channel != null) {
      handle
          .createQuery(NOTIFY)
          .bind("channel", channel)
          .bind("payload", payload)
          .mapTo(String.class)
          .one();
    }
  }
}
