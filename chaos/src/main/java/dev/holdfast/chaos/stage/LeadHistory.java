package dev.holdfast.chaos.stage;

import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.trace.LeadTerm;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Every lead that was ever given, kept by a trigger in the order of the row's own changes. */
final class LeadHistory {

  /** What keeps it. */
  static final List<String> CREATE = List.of("""
      CREATE TABLE chaos.lead_history(
        n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, incarnation bigint NOT NULL,
        term bigint NOT NULL, session bigint, at timestamptz NOT NULL)
      """, """
      CREATE FUNCTION chaos.keep_lead() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO chaos.lead_history(incarnation, term, session, at)
        VALUES (NEW.incarnation, NEW.term, NEW.session, pg_catalog.clock_timestamp());
        RETURN NULL;
      END $$
      """, """
      CREATE TRIGGER keep_lead AFTER UPDATE ON chaos.lead FOR EACH ROW
        WHEN (OLD.term <> NEW.term OR OLD.incarnation <> NEW.incarnation
              OR OLD.session IS DISTINCT FROM NEW.session)
        EXECUTE FUNCTION chaos.keep_lead()
      """);

  private LeadHistory() {}

  private static final String LEADER = """
      SELECT s.node FROM chaos.lead l
        JOIN chaos.session s ON s.id = l.session AND s.ended_at IS NULL
       WHERE l.expires_at > clock_timestamp()
      """;

  static String leader(Postgres postgres) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(LEADER)) {
      return set.next() ? set.getString(1) : "";
    }
  }

  static List<LeadTerm> read(Connection connection) throws SQLException {
    List<LeadTerm> leads = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(
            "SELECT incarnation, term, session FROM chaos.lead_history ORDER BY n")) {
      while (set.next()) {
        leads.add(new LeadTerm(set.getLong(1), set.getLong(2), set.getLong(3)));
      }
    }
    return leads;
  }
}
