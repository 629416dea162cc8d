package dev.holdfast.chaos.history;

import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.LeadTerm;
import dev.holdfast.chaos.trace.NodeLine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Leads, and whether work goes on. */
final class LeadChecks {

  /** Two leases and five seconds. */
  static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(25);

  private LeadChecks() {}

  static void oneLeader(History history, Consumer<String> violation) {
    Map<String, Long> leaders = new HashMap<>();
    for (LeadTerm lead : history.leads()) {
      Long other = leaders.putIfAbsent(lead.incarnation() + "/" + lead.term(), lead.session());
      if (other != null && other != lead.session()) {
        violation.accept(
            "term " + lead.term() + " had sessions " + other + " and " + lead.session());
      }
    }
  }

  static void growing(History history, Consumer<String> violation) {
    long newest = 0;
    for (LeadTerm lead : history.leads()) {
      if (lead.term() <= newest) {
        violation.accept("term " + lead.term() + " after term " + newest);
      }
      newest = Math.max(newest, lead.term());
    }
  }

  /** After each fault the next completion, and each one after it, comes soon. */
  static void progress(History history, Consumer<String> violation) {
    List<Long> accepted = history.nodes().stream()
        .filter(line -> line.mark() == Mark.ACCEPTED)
        .map(NodeLine::nanos)
        .sorted()
        .toList();
    for (long heal : history.heals()) {
      long before = heal;
      for (long at : accepted) {
        if (at > heal && at - before > LONGEST_STANDSTILL.toNanos()) {
          violation.accept(
              "nothing was completed for " + Duration.ofNanos(at - before) + " after a fault");
        }
        before = Math.max(before, at);
      }
    }
  }
}
