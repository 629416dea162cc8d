package dev.holdfast.duckdb.node;

import dev.holdfast.domain.placement.NodeCondition;
import dev.holdfast.domain.placement.NodeProfile;
import dev.holdfast.domain.port.node.Elections.Renewal;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeView;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import dev.holdfast.duckdb.db.Readers;
import dev.holdfast.duckdb.row.Nodes;
import dev.holdfast.duckdb.writer.Transaction;
import dev.holdfast.duckdb.writer.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and their sessions. They are all of this process, so the exclusive hold is a matter
 * between them; another process cannot even open the file.
 */
public record DuckSessions(Writer writer, Readers readers, InstantSource clock, Nodes names)
    implements Sessions {

  private static final String HOLDER = """
      SELECT node
        FROM session
       WHERE ended_us IS NULL
         AND exclusive
         AND node <> :node
       LIMIT 1
      """;

  private static final String END_EARLIER = """
      UPDATE session
         SET ended_us = :now
       WHERE ended_us IS NULL
         AND (:exclusive OR node = :node)
      """;

  @Override
  public Opening open(NodeStart start) {
    Opening opening = writer.transact(tx -> {
      Optional<String> holder = tx.handle()
          .createQuery(HOLDER)
          .bind("node", start.node().value())
          .mapTo(String.class)
          .findOne();
      return holder.isPresent() ? new Opening.Refused("node " + holder.get()) : open(tx, start);
    });
    if (opening instanceof Opening.Opened opened) {
      names.add(opened.session(), start.node());
    }
    return opening;
  }

  private static Opening open(Transaction tx, NodeStart start) {
    Instant now = tx.now();
    tx.handle()
        .createUpdate(END_EARLIER)
        .bind("now", Cells.micros(now))
        .bind("exclusive", start.exclusive())
        .bind("node", start.node().value())
        .execute();
    SessionId session = new SessionId(tx.counters().nextSession());
    insert(tx, start, session, now);
    return new Opening.Opened(session, now);
  }

  private static final String INSERT = """
      INSERT INTO session (id, node, address, label_keys, label_values, types, exclusive, slots,
             free_slots, draining, observer, stale_us, ttl_us, started_us, heartbeat_us)
      VALUES (:id, :node, :address, :labelKeys, :labelValues, :types, :exclusive, :slots,
              :slots, false, :observer, :stale, :ttl, :now, :now)
      """;

  private static void insert(Transaction tx, NodeStart start, SessionId session, Instant now) {
    List<Map.Entry<String, String>> labels = List.copyOf(start.labels().entrySet());
    tx.handle()
        .createUpdate(INSERT)
        .bind("id", session.value())
        .bind("node", start.node().value())
        .bind("address", start.address())
        .bind("labelKeys", Columns.texts(labels, Map.Entry::getKey))
        .bind("labelValues", Columns.texts(labels, Map.Entry::getValue))
        .bind("types", Columns.texts(start.types(), TypeName::value))
        .bind("exclusive", start.exclusive())
        .bind("slots", start.slots())
        .bind("observer", start.mode() == NodeStart.Mode.OBSERVER)
        .bind("stale", start.staleAfter().toNanos() / 1000)
        .bind("ttl", start.timeToLive().toNanos() / 1000)
        .bind("now", Cells.micros(now))
        .execute();
  }

  private static final String BEAT = """
      UPDATE session
         SET heartbeat_us = :now,
             free_slots = :freeSlots,
             draining = :draining
       WHERE id = :session
         AND ended_us IS NULL
      """;

  private static final String CANCEL_ASKED = """
      SELECT task, run
        FROM held
       WHERE session = :session
         AND cancel_reason IS NOT NULL
       ORDER BY task
      """;

  @Override
  public Pulse beat(SessionId session, NodeLoad load, @Nullable Renewal renewal) {
    return writer.transact(tx -> {
      Instant now = tx.now();
      int found = tx.handle()
          .createUpdate(BEAT)
          .bind("session", session.value())
          .bind("now", Cells.micros(now))
          .bind("freeSlots", load.freeSlots())
          .bind("draining", load.draining())
          .execute();
      return found == 0
          ? new Pulse.Over()
          : new Pulse.Alive(
              now, cancelAsked(tx, session), List.of(), false, Outlooks.of(tx, session, now));
    });
  }

  private static List<RunKey> cancelAsked(Transaction tx, SessionId session) {
    return tx.handle()
        .createQuery(CANCEL_ASKED)
        .bind("session", session.value())
        .map((row, context) -> new RunKey(Cells.task(row, "task"), row.getInt("run")))
        .list();
  }

  private static final String END = """
      UPDATE session
         SET ended_us = :now
       WHERE id = :session
         AND ended_us IS NULL
      """;

  @Override
  public void end(SessionId session) {
    writer.transact(tx -> tx.handle()
        .createUpdate(END)
        .bind("session", session.value())
        .bind("now", Cells.micros(tx.now()))
        .execute());
  }

  private static final String END_STALE = """
      UPDATE session
         SET ended_us = :now
       WHERE ended_us IS NULL
         AND heartbeat_us + ttl_us <= :now
      """;

  private static final String LOST = """
      SELECT DISTINCT session.id
        FROM session
        JOIN held
          ON held.session = session.id
       WHERE session.ended_us IS NOT NULL
       ORDER BY session.id
       LIMIT :limit
      """;

  @Override
  public List<SessionId> lost(int limit) {
    return writer.transact(tx -> {
      tx.handle().createUpdate(END_STALE).bind("now", Cells.micros(tx.now())).execute();
      return tx.handle()
          .createQuery(LOST)
          .bind("limit", limit)
          .map((row, context) -> new SessionId(row.getLong("id")))
          .list();
    });
  }

  /** A session lives in the process that has the file, and so does whoever asks. */
  @Override
  public List<SessionId> vanished() {
    return List.of();
  }

  @Override
  public boolean endVanished(SessionId session) {
    return false;
  }

  private static final String END_ALL = """
      UPDATE session
         SET ended_us = :now
       WHERE ended_us IS NULL
      """;

  /** The process that they belonged to is gone, since this one has the file. */
  public void endAll() {
    writer.transact(tx ->
        tx.handle().createUpdate(END_ALL).bind("now", Cells.micros(tx.now())).execute());
  }

  private static final String NODES = """
      SELECT id, node, address, label_keys, label_values, types, slots, free_slots, draining,
             observer, stale_us, started_us, heartbeat_us, ended_us
        FROM session
       QUALIFY row_number() OVER (PARTITION BY node ORDER BY id DESC) = 1
      """;

  @Override
  public List<NodeView> nodes() {
    Instant now = clock.instant();
    return readers.read(
        handle -> handle.createQuery(NODES).map((row, context) -> view(row, now)).stream()
            .sorted(Comparator.comparing(view -> view.profile().node()))
            .toList());
  }

  private static NodeView view(ResultSet row, Instant now) throws SQLException {
    NodeProfile profile = new NodeProfile(
        new NodeId(Cells.text(row, "node")),
        labels(Cells.texts(row, "label_keys"), Cells.texts(row, "label_values")),
        Cells.texts(row, "types").stream().map(TypeName::new).collect(Collectors.toSet()),
        condition(row, Objects.requireNonNull(Cells.micros(now))),
        row.getInt("free_slots"));
    return new NodeView(
        profile,
        new SessionId(row.getLong("id")),
        Cells.text(row, "address"),
        row.getBoolean("observer"),
        row.getInt("slots"),
        Cells.instant(row, "started_us"),
        Cells.instant(row, "heartbeat_us"));
  }

  private static Map<String, String> labels(List<String> keys, List<String> values) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      labels.put(keys.get(i), values.get(i));
    }
    return labels;
  }

  private static NodeCondition condition(ResultSet row, long nowMicros) throws SQLException {
    if (Cells.longOrNull(row, "ended_us") != null) {
      return NodeCondition.DEAD;
    }
    if (row.getLong("heartbeat_us") + row.getLong("stale_us") <= nowMicros) {
      return NodeCondition.STALE;
    }
    if (row.getBoolean("observer")) {
      return NodeCondition.OBSERVER;
    }
    return row.getBoolean("draining") ? NodeCondition.DRAINING : NodeCondition.HEALTHY;
  }
}
