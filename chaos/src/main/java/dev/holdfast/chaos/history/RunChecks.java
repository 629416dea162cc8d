package dev.holdfast.chaos.history;

import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.trace.ClaimRow;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.NodeLine;
import dev.holdfast.chaos.trace.RunRow;
import dev.holdfast.chaos.trace.TaskRow;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.run.RunEnd.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Runs: who had them, who ended them, who was told what. */
final class RunChecks {

  // The types whose handlers write down that they were called.
  private static final Set<String> LOGGED = Set.of("sleep", "gpu", "hold", "poison", "hungry");

  private RunChecks() {}

  static void oneFinalEnd(History history, Consumer<String> violation) {
    Map<String, Integer> ends = new HashMap<>();
    history.runs().stream()
        .filter(RunRow::isFinal)
        .forEach(run -> ends.merge(run.task(), 1, Integer::sum));
    Map<String, Integer> lives = new HashMap<>();
    history.events().stream()
        .filter(event -> event.type() == EventType.REPLAYED)
        .forEach(event -> lives.merge(event.task(), 1, Integer::sum));
    for (TaskRow task : history.tasks()) {
      int wanted = lives.getOrDefault(task.task(), 0) + (task.isTerminal() ? 1 : 0);
      int found = ends.getOrDefault(task.task(), 0);
      if (found != wanted) {
        violation.accept(task.task() + " has " + found + " final ends, not " + wanted);
      }
    }
  }

  static void last(History history, Consumer<String> violation) {
    Map<String, Integer> given = new HashMap<>();
    for (ClaimRow claim : history.claims()) {
      given.merge(claim.task(), claim.version(), Math::max);
    }
    for (RunRow run : history.runs()) {
      if (run.kind() == Kind.COMPLETED.code()
          && given.getOrDefault(run.task(), 0) != run.assignedVersion()) {
        violation.accept(run.task() + " was completed by the run of version "
            + run.assignedVersion() + ", given away last with version "
            + given.get(run.task()));
      }
    }
  }

  static void oneOwner(History history, Consumer<String> violation) {
    Map<String, Long> owners = new HashMap<>();
    for (ClaimRow claim : history.claims()) {
      Long other = owners.putIfAbsent(claim.task() + "/" + claim.version(), claim.session());
      if (other != null) {
        violation.accept(claim.task() + " was given away twice with version " + claim.version());
      }
    }
    for (RunRow run : history.runs()) {
      Long owner = owners.get(run.task() + "/" + run.assignedVersion());
      if (run.session() != 0 && (owner == null || owner != run.session())) {
        violation.accept("run " + run.run() + " of " + run.task() + " was given to session " + owner
            + " and ended by session " + run.session());
      }
    }
    Map<String, Long> callers = new HashMap<>();
    for (NodeLine line : history.nodes()) {
      if (line.mark() == Mark.BEGIN) {
        Long other = callers.putIfAbsent(line.task() + "/" + line.run(), line.process());
        if (other != null) {
          violation.accept("run " + line.run() + " of " + line.task() + " was begun by processes "
              + other + " and " + line.process());
        }
      }
    }
  }

  /** An accepted completion is stored, a refused one is not, unless it was accepted before. */
  static void told(History history, Consumer<String> violation) {
    Map<String, RunRow> ends = new HashMap<>();
    history.runs().forEach(run -> ends.put(run.task() + "/" + run.run(), run));
    Map<String, Long> begins = new HashMap<>();
    Set<String> handled = new HashSet<>();
    for (NodeLine line : history.nodes()) {
      String key = line.task() + "/" + line.run();
      switch (line.mark()) {
        case BEGIN -> begins.put(key, line.process());
        case END -> handled.add(key);
        case ACCEPTED -> {
          if (!isCompleted(ends.get(key))) {
            violation.accept("run " + key + " was accepted and is not stored as completed");
          }
        }
        case MISSED -> {
          Long beganBy = begins.get(key);
          if (isCompleted(ends.get(key)) && beganBy != null && beganBy != line.process()) {
            violation.accept("run " + key + " was refused to one and accepted of another");
          }
        }
        case STOPPED, READY, HEAP -> {}
      }
    }
    Map<String, String> types = new HashMap<>();
    history.tasks().forEach(task -> types.put(task.task(), task.type()));
    for (RunRow run : history.runs()) {
      boolean isLogged = LOGGED.contains(types.getOrDefault(run.task(), ""));
      if (isLogged && isCompleted(run) && !handled.contains(run.task() + "/" + run.run())) {
        violation.accept(
            "run " + run.run() + " of " + run.task() + " is completed, its handler never returned");
      }
    }
  }

  private static boolean isCompleted(@org.jspecify.annotations.Nullable RunRow run) {
    return run != null && run.kind() == Kind.COMPLETED.code();
  }

  static void bounded(History history, Consumer<String> violation) {
    Map<String, Integer> attempts = new HashMap<>();
    history.events().forEach(event -> attempts.merge(event.task(), event.attempt(), Math::max));
    Set<String> released = new HashSet<>();
    for (RunRow run : history.runs()) {
      if (run.kind() == Kind.RELEASED.code()) {
        released.add(run.task() + "/" + run.run());
      }
    }
    Map<String, Integer> calls = new HashMap<>();
    for (NodeLine line : history.nodes()) {
      if (line.mark() == Mark.BEGIN && !released.contains(line.task() + "/" + line.run())) {
        calls.merge(line.task(), 1, Integer::sum);
      }
    }
    for (TaskRow task : history.tasks()) {
      int attempt = attempts.getOrDefault(task.task(), 0);
      if (attempt > task.maxAttempts()) {
        violation.accept(task.task() + " has attempt " + attempt + " of " + task.maxAttempts());
      }
      int called = calls.getOrDefault(task.task(), 0);
      if (called > task.maxAttempts() + 1) {
        violation.accept(
            task.task() + " was called " + called + " times, attempts " + task.maxAttempts());
      }
    }
  }

  static void overlap(History history, Consumer<String> violation) {
    Map<String, Integer> kinds = new HashMap<>();
    history.runs().forEach(run -> kinds.put(run.task() + "/" + run.run(), run.kind()));
    Map<String, Long> ends = new HashMap<>();
    Map<String, List<NodeLine>> begins = new TreeMap<>();
    for (NodeLine line : history.nodes()) {
      switch (line.mark()) {
        case BEGIN ->
          begins.computeIfAbsent(line.task(), task -> new ArrayList<>()).add(line);
        case END, STOPPED -> ends.put(line.task() + "/" + line.run(), line.nanos());
        case ACCEPTED, MISSED, READY, HEAP -> {}
      }
    }
    for (List<NodeLine> calls : begins.values()) {
      calls.sort(Comparator.comparingInt(NodeLine::run));
      for (int i = 1; i < calls.size(); i++) {
        NodeLine older = calls.get(i - 1);
        String key = older.task() + "/" + older.run();
        boolean isOver = ends.getOrDefault(key, Long.MAX_VALUE) < calls.get(i).nanos();
        if (!isOver && kinds.getOrDefault(key, 0) != Kind.LOST.code()) {
          violation.accept("run " + key + " ran on while the next one began, and was not lost");
        }
      }
    }
  }
}
