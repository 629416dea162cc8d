package dev.holdfast.application.task;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Settlement;
import dev.holdfast.domain.value.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives back what ended sessions still hold, in bounded transactions. */
public final class ReclaimRuns implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(ReclaimRuns.class);
  private static final String ENDED = "its session ended";
  private static final int BATCH = 1000;
  private static final int SESSIONS = 10;
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration LOCKED = Duration.ofMillis(200);

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;

  /** Reclaims on a storage; {@code committed} is told what each transaction did. */
  public ReclaimRuns(Storage storage, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.committed = committed;
  }

  @Override
  public String name() {
    return "reclaim";
  }

  @Override
  public Duration tick() {
    List<SessionId> lost = storage.sessions().lost(SESSIONS);
    if (lost.isEmpty()) {
      return POLL;
    }
    int taken = lost.stream().mapToInt(this::reclaim).sum();
    return taken == 0 ? LOCKED : Duration.ZERO;
  }

  /** One stretch of one session; what others have locked meanwhile is left to the next tick. */
  private int reclaim(SessionId session) {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      List<Held> held = tx.runs().takeOf(session, BATCH);
      Instant now = tx.now();
      ledger.carryOut(ledger.entries(held, (task, one) -> Settlement.lose(task, one, ENDED, now)));
      return new Done(held.size(), ledger.effects());
    });
    committed.accept(done.effects);
    LOG.atInfo()
        .addKeyValue("session", session)
        .addKeyValue("tasks", done.count)
        .log("took back what an ended session held");
    return done.count;
  }

  private record Done(int count, Ledger.Effects effects) {}
}
