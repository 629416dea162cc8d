package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.port.tx.Dependencies.Deferred;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.value.TaskId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who waits for whom, and what was put off. */
public final class EdgeBook {

  private static final TaskId FIRST = new TaskId(new UUID(0L, 0L));
  private static final TaskId LAST = new TaskId(new UUID(-1L, -1L));

  private final Table<Pair, Edge> byUpstream;
  private final Table<Pair, Edge> byDownstream;
  private final Table<Long, Deferred> deferred;
  private long last;

  EdgeBook(Journal journal) {
    byUpstream = new Table<>(journal, Pair.ORDER);
    byDownstream = new Table<>(journal, Pair.ORDER);
    deferred = new Table<>(journal, Comparator.naturalOrder());
  }

  /** Writes an edge unless it exists. */
  public void link(Edge edge) {
    Pair key = new Pair(edge.upstream(), edge.downstream());
    if (!byUpstream.has(key)) {
      byUpstream.put(key, edge);
      byDownstream.put(new Pair(edge.downstream(), edge.upstream()), edge);
    }
  }

  /** The edges that lead away from a task, to downstream tasks behind one. */
  public Collection<Edge> downstream(TaskId upstream, @Nullable TaskId after) {
    Pair from = new Pair(upstream, after == null ? FIRST : after);
    Pair to = new Pair(upstream, LAST);
    return after == null
        ? byUpstream.between(from, to).values()
        : byUpstream.between(from, to).tailMap(from, false).values();
  }

  /** The edges that lead to a task, by upstream. */
  public Collection<Edge> upstream(TaskId downstream) {
    return byDownstream
        .between(new Pair(downstream, FIRST), new Pair(downstream, LAST))
        .values();
  }

  /** Forgets the edges of a task, and what was put off of it. */
  public void remove(TaskId task) {
    List.copyOf(downstream(task, null)).forEach(this::unlink);
    List.copyOf(upstream(task)).forEach(this::unlink);
    List<Long> later = deferred.entries().stream()
        .filter(entry -> entry.getValue().upstream().equals(task))
        .map(Map.Entry::getKey)
        .toList();
    later.forEach(deferred::remove);
  }

  private void unlink(Edge edge) {
    byUpstream.remove(new Pair(edge.upstream(), edge.downstream()));
    byDownstream.remove(new Pair(edge.downstream(), edge.upstream()));
  }

  /** Puts off. */
  public void defer(Deferred later) {
    deferred.put(++last, later);
  }

  /** Whether anything is put off. */
  public boolean isAnyDeferred() {
    return deferred.size() > 0;
  }

  /** Removes what was put off first. */
  public List<Deferred> takeDeferred(int limit) {
    List<Map.Entry<Long, Deferred>> taken = deferred.after(0L).entrySet().stream()
        .limit(limit)
        .map(Map.Entry::copyOf)
        .toList();
    taken.forEach(entry -> deferred.remove(entry.getKey()));
    return taken.stream().map(Map.Entry::getValue).toList();
  }

  private record Pair(TaskId from, TaskId to) {

    static final Comparator<Pair> ORDER = Comparator.comparing(Pair::from).thenComparing(Pair::to);
  }
}
