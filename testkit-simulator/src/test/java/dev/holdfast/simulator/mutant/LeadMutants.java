package dev.holdfast.simulator.mutant;

import dev.holdfast.application.loop.Host;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.simulator.node.Bend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Elections that are wrong. */
final class LeadMutants {

  private static final Set<String> DUTIES = Set.of("reclaim", "promote", "expire", "dependants");

  private LeadMutants() {}

  /** The term is looked at before the transaction, and not locked in it. */
  static Storage plainReadOfTheTerm(Storage real, Bend.Site site) {
    return Bent.transacting(real, work -> {
      if (!DUTIES.contains(site.loop())) {
        return real.transact(work);
      }
      Optional<Leadership> seen = real.coordination().elections().leader();
      site.hiccup();
      return real.transact(tx -> work.apply(Bent.replaced(
          StorageTx.class,
          tx,
          "leads",
          (ignored, arguments) ->
              seen.filter(lead -> lead.term().equals(arguments[0])).isPresent())));
    });
  }

  /** Whether a lease is over is decided by this clock; the next term is {@code step} greater. */
  static Storage elections(
      Storage real, AtomicReference<Leadership> row, InstantSource clock, int step) {
    OwnElections own = new OwnElections(row, clock, step);
    Storage voting = Bent.elections(real, ignored -> own);
    return Bent.transactions(
        voting,
        tx -> Bent.replaced(
            StorageTx.class, tx, "leads", (ignored, arguments) -> own.leads((Term) arguments[0])));
  }

  /** The local deadline of a lead counts from the answer instead of the request. */
  static final class DeadlineFromAnswer implements Bend {

    private final Map<Bend.Site, Long> late = new HashMap<>();
    private final Map<Bend.Site, Host> hosts = new HashMap<>();

    @Override
    public Host host(Host real, Site site) {
      hosts.put(site, real);
      return Bent.replaced(
          Host.class,
          real,
          "nanos",
          (host, none) -> host.nanos()
              - (Set.of("lead", "lead-deadline", "").contains(site.loop())
                  ? late.getOrDefault(site, 0L)
                  : 0));
    }

    @Override
    public Storage client(Storage faulty, Site site) {
      return Bent.elections(faulty, real -> (Elections) Proxy.newProxyInstance(
          getClass().getClassLoader(), new Class<?>[] {Elections.class}, (proxy, method, given) -> {
            long before = hosts.get(site).nanos();
            try {
              return method.invoke(real, given);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            } finally {
              late.put(site, hosts.get(site).nanos() - before);
            }
          }));
    }
  }
}
