package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.port;

import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Ways to be wrong in who is alive. */
final class SessionFlaws {

  private SessionFlaws() {}

  private static Flaw sessions(
      String what, String rule, String method, Broken.Instead<Sessions> instead) {
    return new Flaw(
        what, Flawed.Sessions.class, rule, port(Sessions.class, "sessions", method, instead));
  }

  static Stream<Flaw> ofSessions() {
    return Stream.concat(ofLiveOnes(), ofLostOnes());
  }

  private static Pulse nothingAsked() {
    Outlook nothing = new Outlook(null, List.of(), List.of(), false, false, Map.of());
    return new Pulse.Alive(Instant.EPOCH, List.of(), List.of(), false, nothing);
  }

  private static Stream<Flaw> ofLiveOnes() {
    return Stream.of(
        sessions(
            "open that leaves the earlier session",
            "open_endsTheEarlierSessionOfTheNode",
            "open",
            new Unlike()),
        sessions(
            "open that never refuses",
            "open_isRefusedWhileAnotherProcessHoldsTheStorage",
            "open",
            (real, args) -> real.open(shared((NodeStart) args[0]))),
        sessions(
            "beat that asks for no cancel",
            "beat_namesTheRunsWhoseCancelWasAsked",
            "beat",
            (real, args) -> nothingAsked()),
        sessions(
            "beat that keeps a forced end to itself",
            "beat_namesTheRunsThatWereEndedWithoutIt",
            "beat",
            (real, args) -> nothingAsked()),
        sessions(
            "beat of the dead",
            "end_isFinalAndIdempotent",
            "beat",
            (real, args) -> nothingAsked()));
  }

  private static Stream<Flaw> ofLostOnes() {
    return Stream.of(
        sessions(
            "lost that finds nobody",
            "lost_namesEndedSessionsThatHoldRuns",
            "lost",
            (real, args) -> List.<SessionId>of()),
        sessions(
            "lost that waits for an end",
            "lost_endsASessionWhoseHeartbeatIsTooOld",
            "lost",
            (real, args) -> real.nodes().isEmpty() ? real.lost(1) : List.<SessionId>of()),
        sessions(
            "stale that waits for the end",
            "nodes_areStaleBeforeTheyAreDead",
            "open",
            (real, args) -> real.open(lasting((NodeStart) args[0]))),
        sessions(
            "an observer that works",
            "nodes_tellWhoOnlyReads",
            "open",
            (real, args) -> real.open(shared((NodeStart) args[0]))),
        sessions(
            "endVanished that never looks again",
            "endVanished_leavesASessionWhoseProcessLives",
            "endVanished",
            (real, args) -> {
              real.end((SessionId) args[0]);
              return true;
            }),
        sessions(
            "nodes in any order",
            "nodes_showTheNewestSessionOfEachByName",
            "nodes",
            (real, args) -> List.<NodeView>copyOf(real.nodes().reversed())));
  }

  private static NodeStart lasting(NodeStart start) {
    return new NodeStart(
        start.node(),
        start.address(),
        start.labels(),
        start.types(),
        start.slots(),
        start.timeToLive().minusMillis(1),
        start.timeToLive(),
        start.mode());
  }

  private static NodeStart shared(NodeStart start) {
    return new NodeStart(
        start.node(),
        start.address(),
        start.labels(),
        start.types(),
        start.slots(),
        start.staleAfter(),
        start.timeToLive(),
        NodeStart.Mode.MEMBER);
  }

  /** Gives each session a node of its own. */
  private static final class Unlike implements Broken.Instead<Sessions> {

    private int count;

    @Override
    public Object call(Sessions real, Object[] args) {
      NodeStart start = (NodeStart) args[0];
      return real.open(new NodeStart(
          new NodeId(start.node() + "-" + count++),
          start.address(),
          start.labels(),
          start.types(),
          start.slots(),
          start.staleAfter(),
          start.timeToLive(),
          start.mode()));
    }
  }
}
