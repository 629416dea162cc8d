package dev.holdfast.simulator.check;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import org.jspecify.annotations.Nullable;

/** One life of a node, as far as the checks want to know it. Equal to itself only. */
public interface Subject {

  /** Which node it is; an earlier life of the same node may still be about. */
  NodeId node();

  /** The term in which it says that it leads now; null when it does not, or says nothing. */
  @Nullable
  Long leadsTerm();

  /** The term that the loop which runs now works for; null when it is no leader's duty. */
  @Nullable
  Long dutyTerm();

  /** It has opened a session. */
  void opened(SessionId session);

  /** It has won a term. */
  void won(long term);
}
