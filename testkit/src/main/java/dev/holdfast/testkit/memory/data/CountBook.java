package dev.holdfast.testkit.memory.data;

import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The counts of ended tasks: appended, and added up once they are old. */
public final class CountBook {

  private static final Duration APPENDED = Duration.ofMinutes(1);

  private final Table<Key, Long> totals;
  private final Table<Long, Row> rows;
  private long last;

  CountBook(Journal journal) {
    totals = new Table<>(journal, Comparator.comparing(Key::queue).thenComparing(Key::state));
    rows = new Table<>(journal, Comparator.naturalOrder());
  }

  /** Appends a change. */
  public void add(Tally tally, Instant now) {
    rows.put(++last, new Row(last, new Key(tally.queue(), tally.state()), tally.change(), now));
  }

  /** Adds up what is older than a minute. */
  public int rollUp(Instant now) {
    List<Row> old = rows.values().stream()
        .filter(row -> row.at.plus(APPENDED).isBefore(now))
        .toList();
    for (Row row : old) {
      rows.remove(row.number);
      Long before = totals.get(row.key);
      totals.put(row.key, row.change + (before == null ? 0 : before));
    }
    return old.size();
  }

  /** The number of ended tasks by queue and state. */
  public Map<QueueName, Map<TaskState, Long>> ended() {
    Map<QueueName, Map<TaskState, Long>> ended = new HashMap<>();
    totals.entries().forEach(entry -> merge(ended, entry.getKey(), entry.getValue()));
    rows.values().forEach(row -> merge(ended, row.key, row.change));
    return ended;
  }

  private static void merge(Map<QueueName, Map<TaskState, Long>> counts, Key key, long change) {
    counts
        .computeIfAbsent(key.queue, ignored -> new HashMap<>())
        .merge(key.state, change, Long::sum);
  }

  /** How many tasks completed after an instant, of those not added up yet. */
  public long completedAfter(Instant since) {
    return rows.values().stream()
        .filter(row -> row.key.state == TaskState.COMPLETED && row.change > 0)
        .filter(row -> row.at.isAfter(since))
        .mapToLong(Row::change)
        .sum();
  }

  private record Key(QueueName queue, TaskState state) {}

  private record Row(long number, Key key, long change, Instant at) {}
}
