package dev.holdfast.application.node;

import dev.holdfast.application.engine.EngineSettings;
import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import java.util.List;
import java.util.Optional;

/** The only node of its storage: it leads, term 1, for as long as it runs. */
final class Alone implements Membership {

  private static final Term TERM = new Term(0, 1);

  private final Storage storage;
  private final EngineSettings settings;
  private final KeepSession session;
  private final NodeDuties duties;

  Alone(Storage storage, EngineSettings settings, KeepSession session, NodeDuties duties) {
    this.storage = storage;
    this.settings = settings;
    this.session = session;
    this.duties = duties;
  }

  @Override
  public List<Loop> loops() {
    return List.of();
  }

  @Override
  public void join() {
    duties.begin(storage);
  }

  @Override
  public Optional<Leadership> leader() {
    if (session.isOver()) {
      return Optional.empty();
    }
    return Optional.of(new Leadership(
        TERM,
        session.id(),
        settings.node(),
        settings.address(),
        session.since(),
        session.time().instant().plus(settings.timeToLive())));
  }

  @Override
  public boolean isLeader() {
    return !session.isOver();
  }

  @Override
  public boolean mayTell() {
    return false;
  }

  @Override
  public void readied(boolean isTold) {}

  @Override
  public void cancelAsked() {}

  @Override
  public void leave() {
    duties.end();
  }
}
