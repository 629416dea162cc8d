package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.value.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions of which every beginning and every heartbeat is checked. */
record WatchedSessions(Sessions real, Witness witness, Subject by) implements Sessions {

  @Override
  public Opening open(NodeStart start) {
    Opening opening = real.open(start);
    if (opening instanceof Opening.Opened opened) {
      witness.opened(by, opened.session());
    }
    return opening;
  }

  @Override
  public Pulse beat(SessionId session, NodeLoad load, @Nullable Renewal renewal) {
    Pulse pulse = real.beat(session, load, renewal);
    if (pulse instanceof Pulse.Alive alive) {
      witness.beaten(by, session);
      if (renewal != null && alive.renewed()) {
        witness.terms().renewed(renewal.term(), witness.now().plus(renewal.lease()));
      }
    }
    return pulse;
  }

  @Override
  public void end(SessionId session) {
    witness.verdict().tell(() -> by + " ends " + session);
    real.end(session);
  }

  @Override
  public List<SessionId> lost(int limit) {
    return real.lost(limit);
  }

  @Override
  public List<SessionId> vanished() {
    return real.vanished();
  }

  @Override
  public boolean endVanished(SessionId session) {
    boolean hasEnded = real.endVanished(session);
    if (hasEnded) {
      witness.verdict().tell(() -> by + " ends the vanished " + session);
    }
    return hasEnded;
  }

  @Override
  public List<NodeView> nodes() {
    return real.nodes();
  }
}
