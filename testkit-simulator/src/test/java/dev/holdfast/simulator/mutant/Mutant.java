package dev.holdfast.simulator.mutant;

import dev.holdfast.application.loop.Host;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.simulator.node.Bend;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Protocol bugs that the simulator must notice. Their names say what is wrong. */
record Mutant(String name, Supplier<Bend> bend) {

  static final List<Mutant> ALL = List.of(
      new Mutant("no fence", () -> server((real, site) -> LeaseMutants.noFence(real))),
      new Mutant("claim request ignored", () -> {
        AtomicLong requests = new AtomicLong(1_000_000);
        return server((real, site) -> LeaseMutants.claimRequestIgnored(real, requests));
      }),
      new Mutant("over claim", () -> server((real, site) -> LeaseMutants.overClaim(real))),
      new Mutant(
          "attempt counted at failure",
          () -> server((real, site) -> LeaseMutants.attemptAtFailure(real))),
      new Mutant(
          "unstarted run counts", () -> server((real, site) -> LeaseMutants.unstartedCounts(real))),
      new Mutant(
          "idempotency key ignored", () -> server((real, site) -> LeaseMutants.keyIgnored(real))),
      new Mutant(
          "steps forgotten", () -> server((real, site) -> LeaseMutants.stepsForgotten(real))),
      new Mutant("plain read of the term", () -> server(LeadMutants::plainReadOfTheTerm)),
      new Mutant("client clock decides the lease", () -> {
        AtomicReference<Leadership> row = new AtomicReference<>();
        return server((real, site) -> LeadMutants.elections(real, row, site.wallClock(), 1));
      }),
      new Mutant("term granted twice", () -> {
        AtomicReference<Leadership> row = new AtomicReference<>();
        return server((real, site) -> LeadMutants.elections(real, row, site.storageClock(), 0));
      }),
      new Mutant("local deadline from the answer", LeadMutants.DeadlineFromAnswer::new),
      new Mutant(
          "reap without owner check",
          () -> server((real, site) -> NodeMutants.reapWithoutOwnerCheck(real))),
      new Mutant(
          "one shot recovery", () -> client((faulty, site) -> NodeMutants.oneShotRecovery(faulty))),
      new Mutant("session of a node not ended", () -> {
        AtomicLong names = new AtomicLong();
        return server((real, site) -> NodeMutants.sessionReuse(real, names));
      }),
      new Mutant(
          "dead session beats", () -> server((real, site) -> NodeMutants.deadSessionsBeat(real))),
      new Mutant("cursor too far", () -> client(NodeMutants::cursorTooFar)),
      new Mutant("acknowledge before commit", () -> client(NodeMutants::acknowledgeBeforeCommit)),
      new Mutant("no poll", () -> client((faulty, site) -> NodeMutants.noPoll(faulty))),
      new Mutant("nothing due", () -> client((faulty, site) -> NodeMutants.nothingDue(faulty))),
      new Mutant(
          "renewals believed",
          () -> client((faulty, site) -> NodeMutants.renewalsBelieved(faulty))),
      new Mutant("loop ends with its first failure", () -> host(NodeMutants::loopsDie)));

  /** Its name. */
  @Override
  public String toString() {
    return name;
  }

  private static Bend server(BiFunction<Storage, Bend.Site, Storage> bent) {
    return new Bend() {
      @Override
      public Storage server(Storage real, Site site) {
        return bent.apply(real, site);
      }
    };
  }

  private static Bend client(BiFunction<Storage, Bend.Site, Storage> bent) {
    return new Bend() {
      @Override
      public Storage client(Storage faulty, Site site) {
        return bent.apply(faulty, site);
      }
    };
  }

  private static Bend host(UnaryOperator<Host> bent) {
    return new Bend() {
      @Override
      public Host host(Host real, Site site) {
        return bent.apply(real);
      }
    };
  }
}
