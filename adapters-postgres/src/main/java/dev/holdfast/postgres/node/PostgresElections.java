package dev.holdfast.postgres.node;

import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections;
import dev.holdfast.domain.port.node.Leadership;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.db.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who leads. Every method uses the connection of the heartbeats, never the pool. */
final class PostgresElections implements Elections {

  private final Database dedicated;

  PostgresElections(Database dedicated) {
    this.dedicated = dedicated;
  }

  @Override
  public Contest contend(Candidate candidate, Duration lease) {
    Optional<Leadership> leader = leader();
    if (leader.isPresent() && !leader.get().session().equals(candidate.session())) {
      return new Contest.Lost(leader.get());
    }
    return dedicated.transact(handle -> contend(handle, candidate, lease));
  }

  private static final String LOCK = "SELECT term FROM lead FOR UPDATE";

  /** The lock comes first and the clock is read after it: a wait shortens no lease. */
  private static Contest contend(Handle handle, Candidate candidate, Duration lease) {
    handle.createQuery(LOCK).map((set, context) -> new Row(set).number("term")).one();
    if (!lives(handle, candidate.session())) {
      return new Contest.SessionOver();
    }
    Optional<Leadership> held = leader(handle);
    if (held.isPresent() && !held.get().session().equals(candidate.session())) {
      return new Contest.Lost(held.get());
    }
    handle.execute(FORGET_MARKS);
    String statement = held.isPresent() ? KEEP : TAKE;
    handle
        .createUpdate(statement)
        .bind("session", candidate.session().value())
        .bind("lease", lease.toString())
        .execute();
    return new Contest.Won(newest(handle));
  }

  // After a failover every mark of life is of the server before, and none of them says anything.
  private static final String FORGET_MARKS = """
      UPDATE session SET backend_pid = NULL, backend_start = NULL
       WHERE ended_at IS NULL AND backend_start IS NOT NULL
         AND (SELECT incarnation FROM lead) <> incarnation()
      """;

  private static final String LIVES = """
      SELECT EXISTS (SELECT FROM session
                      WHERE id = :session AND ended_at IS NULL
                        AND heartbeat_at > clock() - ttl) AS lives
      """;

  private static boolean lives(Handle handle, SessionId session) {
    return handle
        .createQuery(LIVES)
        .bind("session", session.value())
        .map((set, context) -> new Row(set).flag("lives"))
        .one();
  }

  private static final String TAKE = """
      UPDATE lead
         SET term = term + 1, incarnation = incarnation(), session = :session, since = clock(),
             expires_at = clock() + CAST(:lease AS interval)
      """;
  private static final String KEEP = """
      UPDATE lead SET expires_at = clock() + CAST(:lease AS interval) WHERE session = :session
      """;

  // The row changes under no key, so fences let it pass.
  private static final String RENEW = """
      UPDATE lead SET expires_at = clock() + CAST(:lease AS interval)
       WHERE term = :term AND incarnation = :incarnation AND incarnation = incarnation()
         AND expires_at > clock()
         AND EXISTS (SELECT FROM session WHERE id = lead.session AND ended_at IS NULL)
      """;

  @Override
  public boolean renew(Term term, Duration lease) {
    int renewed = dedicated.single(handle -> handle
        .createUpdate(RENEW)
        .bind("term", term.number())
        .bind("incarnation", term.incarnation())
        .bind("lease", lease.toString())
        .execute());
    return renewed == 1;
  }

  private static final String RESIGN = """
      UPDATE lead SET expires_at = clock()
       WHERE term = :term AND incarnation = :incarnation AND expires_at > clock()
      """;

  @Override
  public void resign(Term term) {
    dedicated.single(handle -> handle
        .createUpdate(RESIGN)
        .bind("term", term.number())
        .bind("incarnation", term.incarnation())
        .execute());
  }

  @Override
  public Optional<Leadership> leader() {
    return dedicated.single(PostgresElections::leader);
  }

  private static final String LEADER = """
      SELECT l.incarnation, l.term, l.session, s.node, s.address, l.since, l.expires_at
        FROM lead l JOIN session s ON s.id = l.session AND s.ended_at IS NULL
       WHERE l.expires_at > clock() AND l.incarnation = incarnation()
      """;

  // A short lease may be over by the time it is read.
  private static final String NEWEST = """
      SELECT l.incarnation, l.term, l.session, s.node, s.address, l.since, l.expires_at
        FROM lead l JOIN session s ON s.id = l.session
      """;

  private static Leadership newest(Handle handle) {
    return handle
        .createQuery(NEWEST)
        .map((set, context) -> leadership(new Row(set)))
        .one();
  }

  private static Optional<Leadership> leader(Handle handle) {
    return handle
        .createQuery(LEADER)
        .map((set, context) -> leadership(new Row(set)))
        .findOne();
  }

  static Leadership leadership(Row row) throws SQLException {
    return new Leadership(
        new Term(row.number("incarnation"), row.number("term")),
        new SessionId(row.number("session")),
        new NodeId(row.text("node")),
        row.text("address"),
        row.instant("since"),
        row.instant("expires_at"));
  }
}
