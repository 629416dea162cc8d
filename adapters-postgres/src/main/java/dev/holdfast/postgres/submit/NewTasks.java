package dev.holdfast.postgres.submit;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.db.Columns;
import dev.holdfast.postgres.db.Row;
import dev.holdfast.postgres.row.TaskFlags;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Rows of new tasks, with the places that follow from them. */
record NewTasks(Handle handle, Lanes lanes) {

  /** From so many on, {@link BulkLoad} is as quick, and writes a fifth less. */
  private static final int TOO_MANY = 2000;

  /** Whether {@link #insertAlike} takes these. */
  static boolean areAlike(List<Birth> births) {
    return births.size() < TOO_MANY && TaskFlags.areAlike(births);
  }

  // Nearly all batches are of one kind. It fails when one of the tasks exists already: to look for
  // that, as ON CONFLICT does, costs half as much as the insertion again.
  private static final String INSERT_ALIKE = """
      WITH t AS (
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, created_at, payload)
        SELECT id, :lane, :priority, :ord, :maxAttempts, :flags, :createdAt, payload
          FROM unnest(:ids, :payloads) i(id, payload)
        RETURNING id),
      r AS (
        INSERT INTO ready(lane, priority, ord, task, run, attempt, v, flags)
        SELECT :lane, :priority, :ord, id, 1, 1, 1, :flags & 255 FROM t)
      SELECT pg_notify(channel, payload)
        FROM (VALUES (CAST(:channel AS text), CAST(:notice AS text))) AS n(channel, payload)
       WHERE channel IS NOT NULL
      """;

  /** Stores tasks that are {@link #areAlike}, in the order of their ids. */
  void insertAlike(List<Birth> births, Notice notice) {
    TaskDefinition first = births.getFirst().definition();
    var query = handle
        .createQuery(INSERT_ALIKE)
        .bind("lane", lanes.number(first.lane()))
        .bind("priority", first.priority())
        .bind("ord", first.order())
        .bind("maxAttempts", first.policy().maxAttempts())
        .bind("flags", TaskFlags.of(births.getFirst()))
        .bind("createdAt", first.createdAt().atOffset(ZoneOffset.UTC))
        .bind("channel", notice.channel())
        .bind("notice", notice.payload());
    Columns.of(query, births)
        .uuids("ids", birth -> birth.definition().id().value())
        .texts("payloads", birth -> birth.payload().text());
    query.mapTo(String.class).list();
  }

  // Leaves out tasks that exist already. What the places need is in the task row, so nothing is
  // joined with the batch again; those whose place does not follow from the row are answered.
  private static final String INSERT = """
      WITH t AS (
        INSERT INTO task(id, lane, priority, ord, max_attempts, flags, due_at, created_at,
               retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable, timeout,
               expires_in, parent, key, ref, tags, payload)
        SELECT id, lane, priority, ord, max_attempts, flags, due_at, created_at,
               retry_strategy, retry_base, retry_cap, retry_jitter,
               CAST(non_retryable AS text[]), timeout,
               expires_in, parent, key, ref, CAST(tags AS text[]), payload
          FROM unnest(:ids, :lanes, :priorities, :ords, :maxAttempts, :flags, :dueAts,
               :createdAts, :retryStrategies, :retryBases, :retryCaps, :retryJitters,
               :nonRetryables, :timeouts, :expiresIns, :parents, :keys, :refs, :tags, :payloads)
               i(id, lane, priority, ord, max_attempts, flags, due_at, created_at,
               retry_strategy, retry_base, retry_cap, retry_jitter, non_retryable, timeout,
               expires_in, parent, key, ref, tags, payload)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, lane, priority, ord, flags, due_at),
      s AS (
        INSERT INTO scheduled(task, lane, due_at, run, attempt, v, flags)
        SELECT id, lane, due_at, 1, 1, 2, flags & 255 FROM t WHERE flags & 512 <> 0),
      r AS (
        INSERT INTO ready(lane, priority, ord, task, run, attempt, v, flags)
        SELECT lane, priority, ord, id, 1, 1, 1, flags & 255 FROM t WHERE flags & 256 <> 0)
      SELECT id FROM t WHERE flags & 768 = 0
      """;

  /**
   * Stores tasks, in the order of their ids, but for those that exist already.
   *
   * @return those of the new ones that have no place yet
   */
  Set<TaskId> insert(List<Birth> births) {
    var query = handle.createQuery(INSERT);
    bindWhatAllHave(query, births);
    bindWhatFewHave(query, births);
    return query
        .map((set, context) -> new TaskId(new Row(set).uuid("id")))
        .collect(Collectors.toSet());
  }

  private void bindWhatAllHave(SqlStatement<?> statement, List<Birth> births) {
    Columns.of(statement, births)
        .ints("lanes", birth -> lanes.number(birth.definition().lane()))
        .smallints("flags", TaskFlags::of)
        .texts("payloads", birth -> birth.payload().text())
        .uuids("ids", birth -> birth.definition().id().value())
        .smallints("priorities", birth -> birth.definition().priority())
        .longs("ords", birth -> birth.definition().order())
        .smallints("maxAttempts", birth -> birth.definition().policy().maxAttempts())
        .instants("createdAts", birth -> birth.definition().createdAt());
  }

  private static void bindWhatFewHave(SqlStatement<?> statement, List<Birth> births) {
    Columns.of(statement, births.stream().map(Birth::definition).toList())
        .instants("dueAts", TaskDefinition::dueAt)
        .uuids("parents", task -> value(task.identity().parent()))
        .texts("keys", task -> task.identity().idempotencyKey())
        .texts("refs", task -> task.identity().ref())
        .lists("tags", task -> orNull(task.identity().tags()))
        .longs("timeouts", task -> micros(task.policy().timeout()))
        .longs("expiresIns", task -> micros(task.policy().expiresIn()))
        .lists("nonRetryables", task -> orNull(task.policy().retry().nonRetryable()))
        .texts("retryStrategies", task -> own(task, retry -> retry.strategy().name()))
        .longs("retryBases", task -> own(task, retry -> micros(retry.base())))
        .longs("retryCaps", task -> own(task, retry -> micros(retry.cap())))
        .doubles("retryJitters", task -> own(task, RetryPolicy::jitter));
  }

  /** A member of the retry policy, unless it is the default policy. */
  private static <V> @Nullable V own(
      TaskDefinition task, Function<RetryPolicy, @Nullable V> member) {
    RetryPolicy retry = task.policy().retry();
    return TaskFlags.isDefault(retry) ? null : member.apply(retry);
  }

  private static @Nullable UUID value(@Nullable TaskId task) {
    return task == null ? null : task.value();
  }

  private static @Nullable Long micros(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos() / 1000;
  }

  @SuppressWarnings("unchecked")
  private static @Nullable List<@Nullable String> orNull(List<String> values) {
    return values.isEmpty() ? null : (List<@Nullable String>) (List<?>) values;
  }
}
