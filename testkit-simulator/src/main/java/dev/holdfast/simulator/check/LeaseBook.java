package dev.holdfast.simulator.check;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who was given which run, and who ended it: at most one lease for each run, runs of a task only
 * grow, and only the holder of the newest completes it, once.
 */
final class LeaseBook {

  private final Verdict verdict;
  private final Map<RunKey, Lease> leases = new HashMap<>();
  private final Map<TaskId, Integer> newest = new HashMap<>();
  private final Set<RunKey> completed = new HashSet<>();

  LeaseBook(Verdict verdict) {
    this.verdict = verdict;
  }

  private record Lease(Subject holder, SessionId session, long request) {}

  void claimed(Subject by, ClaimRequest request, ClaimAnswer.Claimed claimed) {
    if (claimed.assignments().size() > request.limit()) {
      verdict.broken("S2", by + " asked for " + request.limit() + " and got more");
    }
    for (ClaimAnswer.Assignment one : claimed.assignments()) {
      RunKey run = one.held().run().key();
      Lease lease = new Lease(by, request.session(), request.request());
      Lease before = leases.putIfAbsent(run, lease);
      if (before == null) {
        verdict.tell(
            () -> by + " claims " + run + " attempt " + one.held().run().attempt());
        first(by, run);
      } else if (!before.equals(lease)) {
        verdict.broken("S2", run + " is " + before + "'s, and given to " + lease);
      }
    }
  }

  private void first(Subject by, RunKey run) {
    Integer before = newest.put(run.task(), run.number());
    if (before != null && before >= run.number()) {
      verdict.broken("S2", run + " is given to " + by + " after run " + before);
    }
  }

  void completed(Subject by, RunKey run) {
    verdict.tell(() -> by + " completes " + run);
    Lease lease = leases.get(run);
    Integer current = newest.get(run.task());
    if (lease == null || !lease.holder.equals(by)) {
      verdict.broken("S3", by + " completes " + run + ", the lease of " + lease);
    } else if (current == null || current != run.number()) {
      verdict.broken("S3", by + " completes " + run + ", the newest is " + current);
    }
    if (!completed.add(run)) {
      verdict.broken("S4", by + " completes " + run + " again");
    }
  }

  void settled(Subject by, RunKey run) {
    verdict.tell(() -> by + " takes " + run);
    Integer current = newest.get(run.task());
    if (current == null || current != run.number()) {
      verdict.broken("S3", by + " settles " + run + ", the newest is " + current);
    }
  }
}
