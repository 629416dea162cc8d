package dev.holdfast.testkit.selftest;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Coordination;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.StorageTx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to be wrong in who leads, and in what is said between nodes. */
final class CoordinationFlaws {

  private CoordinationFlaws() {}

  static Stream<Flaw> ofElections() {
    return Stream.of(
        elections(
            "contend that everybody wins",
            "contend_isLostWhileAnotherLeads",
            "contend",
            new EverybodyWins()),
        elections(
            "renew of a lead that is over",
            "renew_isRefusedOnceTheLeaseIsOver_evenIfNobodyElseTookIt",
            "renew",
            (real, args) -> true),
        elections(
            "renew that does nothing",
            "renew_makesTheLeadLastLonger",
            "renew",
            (real, args) -> real.leader().isPresent()),
        elections(
            "resign that waits for the lease",
            "resign_givesTheLeadBackAtOnce",
            "resign",
            (real, args) -> null),
        elections(
            "resign of whoever leads", "resign_givesTheLeadBackAtOnce", "resign", (real, args) -> {
              real.leader().ifPresent(lead -> real.resign(lead.term()));
              return null;
            }),
        elections(
            "leader that has nobody",
            "contend_isWonWhenNobodyLeads",
            "leader",
            (real, args) -> Optional.empty()),
        new Flaw(
            "a fence that looks at the number only",
            Flawed.Elections.class,
            "leads_isFalseForATermOfAnotherIncarnation",
            leads((tx, term) -> true)));
  }

  static Stream<Flaw> ofSignals() {
    return Stream.of(new Flaw(
        "send that is never heard",
        Flawed.Signals.class,
        "send_isHeardByAnotherProcess_ofEveryKind",
        real -> coordinated(real, real.coordination().elections(), Signals.SILENT)));
  }

  private static Flaw elections(
      String what, String rule, String method, Broken.Instead<Elections> instead) {
    return new Flaw(
        what,
        Flawed.Elections.class,
        rule,
        real -> coordinated(
            real,
            Broken.replaced(Elections.class, real.coordination().elections(), method, instead),
            real.coordination().signals()));
  }

  private static Storage coordinated(Storage real, Elections elections, Signals signals) {
    Coordination coordination = new Coordination() {
      @Override
      public Elections elections() {
        return elections;
      }

      @Override
      public Signals signals() {
        return signals;
      }
    };
    return Broken.replaced(Storage.class, real, "coordination", (storage, args) -> coordination);
  }

  private interface Leads {
    boolean ask(StorageTx tx, Term term);
  }

  private static UnaryOperator<Storage> leads(Leads instead) {
    return Broken.transacting((real, work) -> real.transact(tx -> work.apply(Broken.replaced(
        StorageTx.class, tx, "leads", (whole, args) -> instead.ask(whole, (Term) args[0])))));
  }

  /** Takes the lead away from whoever has it. */
  private static final class EverybodyWins implements Broken.Instead<Elections> {

    @Override
    public Object call(Elections real, Object[] args) {
      Contest contest = real.contend((Candidate) args[0], (Duration) args[1]);
      if (contest instanceof Contest.Lost lost) {
        real.resign(lost.leader().term());
        return real.contend((Candidate) args[0], (Duration) args[1]);
      }
      return contest;
    }
  }
}
