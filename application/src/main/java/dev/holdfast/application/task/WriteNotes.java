package dev.holdfast.application.task;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Move;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.Progress;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.task.TaskDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records starts and progress of runs that this node holds. Safe for concurrent use. */
public final class WriteNotes {

  private final Storage storage;
  private final Consumer<Ledger.Effects> committed;

  /** Writes to a storage; {@code committed} is told what each transaction did. */
  public WriteNotes(Storage storage, Consumer<Ledger.Effects> committed) {
    this.storage = storage;
    this.committed = committed;
  }

  /**
   * What to record of a run.
   *
   * @param progress null to record only its start
   */
  public record NoteRequest(
      TaskDefinition task,
      RunKey key,
      Instant beganAt,
      @Nullable Progress progress) {}

  /**
   * Records; each start at most once.
   *
   * @param requests of different tasks
   * @return the runs that are still held; nothing was recorded of the others
   */
  public Set<RunKey> write(List<NoteRequest> requests) {
    Map<RunKey, NoteRequest> byKey = new TreeMap<>();
    requests.forEach(request -> byKey.put(request.key(), request));
    Done done = storage.transact(tx -> {
      Ledger ledger = new Ledger(tx);
      return new Done(write(ledger, byKey), ledger.effects());
    });
    committed.accept(done.effects);
    return done.current;
  }

  private record Done(Set<RunKey> current, Ledger.Effects effects) {}

  static Set<RunKey> write(Ledger ledger, Map<RunKey, NoteRequest> byKey) {
    StorageTx tx = ledger.tx();
    Set<RunKey> current = new HashSet<>();
    List<Ledger.Entry> entries = new ArrayList<>();
    List<Held> locked = tx.runs().lock(byKey.keySet().stream().map(RunKey::task).toList());
    Instant now = tx.now();
    for (Held held : locked) {
      NoteRequest request = byKey.get(held.run().key());
      if (request != null) {
        current.add(request.key());
        Move move = moveOf(request, held, now);
        if (!move.notes().isEmpty()) {
          entries.add(new Ledger.Entry(request.task(), held.run().marks(), move));
        }
      }
    }
    ledger.carryOut(entries);
    return current;
  }

  private static Move moveOf(NoteRequest request, Held held, Instant now) {
    Progress progress = request.progress();
    return progress == null
        ? Lifecycle.start(request.task(), held, request.beganAt())
        : Lifecycle.progress(request.task(), held, progress, request.beganAt(), now);
  }
}
