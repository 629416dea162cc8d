package dev.holdfast.application.task;

import dev.holdfast.application.loop.Loop;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Ends tasks that were not done before they expired, wherever they are. */
public final class ExpireTasks implements Loop {

  private static final int BATCH = 500;
  private static final int MAX_LOOKS = 3;
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;
  private final Consumer<RunKey> revoked;

  /**
   * Expires on a storage.
   *
   * @param revoked is told, after the commit, of runs that were held, so that a handler on this
   *     node can be interrupted
   */
  public ExpireTasks(
      Storage storage, Consumer<Ledger.Effects> committed, Consumer<RunKey> revoked) {
    this.storage = storage;
    this.committed = committed;
    this.revoked = revoked;
  }

  @Override
  public String name() {
    return "expire";
  }

  @Override
  public Duration tick() {
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      List<TaskId> due = tx.places().takeExpired(BATCH);
      List<RunKey> held = due.isEmpty() ? List.of() : expire(ledger, due);
      return new Done(due.size(), held, ledger.effects());
    });
    committed.accept(done.effects);
    done.held.forEach(revoked);
    return done.count == BATCH ? Duration.ZERO : POLL;
  }

  private record Done(int count, List<RunKey> held, Ledger.Effects effects) {}

  private static List<RunKey> expire(Ledger ledger, List<TaskId> due) {
    StorageTx tx = ledger.tx();
    Set<TaskId> open = new HashSet<>(due);
    List<Place> taken = new ArrayList<>();
    List<RunKey> revoked = new ArrayList<>();
    for (int look = 0; look < MAX_LOOKS && !open.isEmpty(); look++) {
      taken.addAll(tx.places().takeWaiting(open));
      List<RunKey> keys =
          tx.runs().lock(open).stream().map(held -> held.run().key()).toList();
      if (!keys.isEmpty()) {
        taken.addAll(tx.runs().take(keys));
        revoked.addAll(keys);
      }
      taken.forEach(place -> open.remove(place.run().task()));
    }
    tryAgainLater(tx, open);
    Instant now = tx.now();
    ledger.carryOut(ledger.entries(taken, (task, place) -> Lifecycle.expire(place, now)));
    return revoked;
  }

  /** What has no place and never ended moves right now; what has ended is done with. */
  private static void tryAgainLater(StorageTx tx, Set<TaskId> open) {
    if (open.isEmpty()) {
      return;
    }
    Set<TaskId> moving = new HashSet<>(open);
    moving.removeAll(tx.facts().lastEnds(open).keySet());
    Map<TaskId, Instant> again = new TreeMap<>();
    Instant soon = tx.now().plus(POLL);
    moving.forEach(task -> again.put(task, soon));
    if (!again.isEmpty()) {
      tx.places().expireAt(again);
    }
  }
}
