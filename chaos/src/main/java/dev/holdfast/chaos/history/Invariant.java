package dev.holdfast.chaos.history;

import dev.holdfast.chaos.trace.History;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Something that holds for every history, whatever the faults were.
 *
 * @param id as the list of promises names it
 * @param promise what holds
 * @param search tells of everything that breaks it
 */
public record Invariant(String id, String promise, BiConsumer<History, Consumer<String>> search) {

  /** All of them. */
  public static final List<Invariant> ALL = List.of(
      new Invariant("I1", "what was acknowledged is stored, once", ClientChecks::acknowledged),
      new Invariant("I2", "every task has ended", ClientChecks::ended),
      new Invariant("I3", "a life has exactly one final end", RunChecks::oneFinalEnd),
      new Invariant("I4", "the last run that was given away is the one that ends", RunChecks::last),
      new Invariant("I5", "a run has one owner", RunChecks::oneOwner),
      new Invariant("I6", "a term has one leader", LeadChecks::oneLeader),
      new Invariant("I7", "terms grow", LeadChecks::growing),
      new Invariant("I8", "versions have no gaps", EventChecks::gapless),
      new Invariant("I9", "the state is the sum of the events", EventChecks::folded),
      new Invariant("I10", "what a worker was told is what is stored", RunChecks::told),
      new Invariant("I13", "attempts are bounded", RunChecks::bounded),
      new Invariant("I14", "who follows the stream sees all of it in order", EventChecks::followed),
      new Invariant("I15", "work goes on after a fault", LeadChecks::progress),
      new Invariant(
          "I17", "two run one task only after the older one lost it", RunChecks::overlap));

  /** Every violation of every invariant, with the id before it; at most 20 of each. */
  public static List<String> violations(History history) {
    return ALL.stream().flatMap(one -> one.violationsOf(history).stream()).toList();
  }

  private List<String> violationsOf(History history) {
    List<String> found = new java.util.ArrayList<>();
    search.accept(history, text -> {
      if (found.size() < 20) {
        found.add(id + " (" + promise + "): " + text);
      }
    });
    return found;
  }
}
