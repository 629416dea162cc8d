package dev.holdfast.application.node;

import dev.holdfast.application.engine.ClusterView;
import dev.holdfast.application.engine.Health;
import dev.holdfast.application.engine.Health.Check;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.Host.Pulse;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.tx.StorageTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Looks at a node: its loops, its session, its storage. */
final class NodeHealth {

  private final Storage storage;
  private final Host host;
  private final KeepSession session;
  private final ClusterView cluster;
  private final BooleanSupplier isStopping;

  NodeHealth(
      Storage storage,
      Host host,
      KeepSession session,
      ClusterView cluster,
      BooleanSupplier isStopping) {
    this.storage = storage;
    this.host = host;
    this.session = session;
    this.cluster = cluster;
    this.isStopping = isStopping;
  }

  /**
   * Live: the loops have threads, whether or not they succeed. Ready: the storage answers, the
   * session lives, the last tick of every loop was good, and no stop is under way. Whoever follows
   * is as ready as the leader; the duties are loops of the leader alone.
   */
  Health check() {
    List<Check> live = new ArrayList<>();
    List<Check> ready = new ArrayList<>();
    ready.add(storageCheck());
    ready.add(new Check("session", !session.isOver(), session.isOver() ? "over" : "alive"));
    ready.add(new Check(
        "accepting", !isStopping.getAsBoolean(), isStopping.getAsBoolean() ? "stopping" : "yes"));
    ready.add(new Check("role", true, role()));
    for (Pulse pulse : host.pulses()) {
      live.add(new Check(
          "loop " + pulse.loop(), pulse.isDriven(), pulse.isDriven() ? "driven" : "ended"));
      ready.add(loopCheck(pulse));
    }
    return new Health(live, ready);
  }

  private String role() {
    return cluster
        .leader()
        .map(leader ->
            (cluster.isLeader() ? "leads" : "follows " + leader.node()) + ", term " + leader.term())
        .orElse("no leader is known");
  }

  private Check storageCheck() {
    try {
      var now = storage.transact(StorageTx::now);
      return new Check("storage", true, "answers, its time is " + now);
    } catch (StorageUnavailable e) {
      return new Check("storage", false, String.valueOf(e.getMessage()));
    }
  }

  private static String failures(Pulse pulse) {
    String count = pulse.failuresInRow() == 1 ? "a failure" : pulse.failuresInRow() + " failures";
    return count + " since: " + pulse.lastFailure();
  }

  private static Check loopCheck(Pulse pulse) {
    boolean isGood = pulse.failuresInRow() == 0;
    String age = String.format(Locale.ROOT, "%.1f s since its last good tick", pulse.ageSeconds());
    return new Check("loop " + pulse.loop(), isGood, isGood ? age : age + ", " + failures(pulse));
  }
}
