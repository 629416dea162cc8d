package dev.holdfast.domain.port.node;

import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nodes and their sessions: each method is one transaction of its own. */
public interface Sessions {

  /**
   * Begins a session. An earlier one of the same node ends at once; with {@code exclusive} every
   * other ends, provided that nobody else holds the storage exclusively.
   *
   * <p>The exclusive hold lasts until {@link #end} or the death of the process, whichever comes
   * first; a storage that has lost it (a database restart) takes it again with the next {@link
   * #beat}.
   */
  Opening open(NodeStart start);

  /**
   * Says that the session lives, and how it is; hears what there is to look for.
   *
   * @param renewal makes the lead last longer too, as {@link Elections#renew} does, unless it would
   *     have to wait for that; null when the session does not lead
   */
  Pulse beat(SessionId session, NodeLoad load, @Nullable Renewal renewal);

  /** Ends a session, gives back the exclusive hold. What it held is then {@link #lost}. */
  void end(SessionId session);

  /**
   * Ended sessions that still hold runs, at most {@code limit}. A session whose heartbeat is older
   * than its time to live ends here, so that somebody else may have what it held.
   */
  List<SessionId> lost(int limit);

  /**
   * Live sessions whose process has lost its connection to the storage: most likely it died. Trust
   * it only when two looks agree, since a node may just be connecting again. A storage that cannot
   * know names none.
   */
  List<SessionId> vanished();

  /**
   * Ends a session that is {@link #vanished} now.
   *
   * @return false when it is not: it was ended already, or its process is connected again
   */
  boolean endVanished(SessionId session);

  /** The newest session of every node, by node. */
  List<NodeView> nodes();

  /** Whether a session could begin. */
  sealed interface Opening {

    /** It did, at an instant of the storage's clock. */
    record Opened(SessionId session, Instant at) implements Opening {

      public Opened {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(at, "at");
      }
    }

    /** Somebody holds the storage exclusively; {@code holder} says who, for people. */
    record Refused(String holder) implements Opening {}
  }

  /** What a heartbeat found. */
  sealed interface Pulse {

    /**
     * The session lives.
     *
     * @param cancelAsked its runs whose cancel was asked
     * @param revoked its runs that were ended without it (cancelled by force, expired), for as
     *     long as its time to live; what it knows of already is named again. A storage for one
     *     process names none, since that process did it.
     * @param renewed whether the lead was renewed; when not, ask {@link Elections#renew} why
     */
    record Alive(
        Instant now,
        List<RunKey> cancelAsked,
        List<RunKey> revoked,
        boolean renewed,
        Outlook outlook)
        implements Pulse {

      public Alive {
        revoked = List.copyOf(revoked);
        cancelAsked = List.copyOf(cancelAsked);
      }
    }

    /** The session has ended, or another node holds the storage exclusively. */
    record Over() implements Pulse {}
  }
}
