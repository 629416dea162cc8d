package dev.holdfast.chaos.measure;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.domain.port.node.Candidate;
import dev.holdfast.domain.port.node.Elections.Contest;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.node.Term;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Contests through the ports, with leases so short that they run out all the time, while each
 * winner goes on to write under its term for as long as it may, and longer. A round: one election.
 * No write of a term may be committed after the next term was given away.
 */
public final class Elections implements Scenario {

  private static final int CANDIDATES = 4;
  private static final Duration LEASE = Duration.ofMillis(20);

  private static final String WRITE = """
      INSERT INTO chaos.led_write(incarnation, term, candidate) VALUES (?, ?, ?)
      """;
  // Commits that waited for each other have times in that order.
  private static final String TOO_LATE = """
      SELECT count(*) FROM chaos.led_write w
        JOIN chaos.lead_history n ON n.term = w.term + 1
       WHERE pg_xact_commit_timestamp(w.xmin) > pg_xact_commit_timestamp(n.xmin)
      """;
  private static final String TWO_WRITERS = """
      SELECT count(*) FROM (SELECT term FROM chaos.led_write
                             GROUP BY incarnation, term HAVING count(DISTINCT candidate) > 1) t
      """;

  @Override
  public String name() {
    return "elections";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage.postgres().execute("""
        CREATE TABLE chaos.led_write(incarnation bigint, term bigint, candidate int)
        """);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> candidates = new ArrayList<>();
      for (int i = 0; i < CANDIDATES; i++) {
        int number = i;
        candidates.add(threads.submit(() -> contend(stage, number, rounds)));
      }
      long refused = 0;
      for (Future<Long> candidate : candidates) {
        refused += candidate.get();
      }
      long terms = stage.postgres().number("SELECT count(*) FROM chaos.lead_history");
      long writes = stage.postgres().number("SELECT count(*) FROM chaos.led_write");
      long late = stage.postgres().number(TOO_LATE);
      long two = stage.postgres().number(TWO_WRITERS);
      report.say("   " + terms + " elections, " + writes + " writes of leaders, " + refused
          + " refused to old terms, " + late + " after a newer term, " + two
          + " terms with two writers");
      if (late + two > 0) {
        throw new IllegalStateException("two writers: " + late + " late, " + two + " terms");
      }
    }
    stage.check(Duration.ofSeconds(10));
  }

  /** The number of writes that were refused. */
  private static long contend(Stage stage, int number, int rounds) throws SQLException {
    PostgresSettings settings = PostgresSettings.of(stage.engineUrl(), "postgres", "")
        .inSchema(Stage.SCHEMA)
        .withPoolSize(2);
    long refused = 0;
    try (PostgresStorage storage = PostgresStorage.open(settings);
        Connection connection = DriverManager.getConnection(stage.engineUrl(), "postgres", "")) {
      connection.setAutoCommit(false);
      Candidate self = candidate(storage, "candidate-" + number);
      while (stage.postgres().number("SELECT term FROM chaos.lead") < rounds) {
        if (storage.coordination().elections().contend(self, LEASE) instanceof Contest.Won won) {
          refused += writeOn(storage, connection, won.leadership().term(), number);
        }
      }
    }
    return refused;
  }

  /** Writes until it is refused. */
  private static int writeOn(
      PostgresStorage storage, Connection connection, Term term, int candidate)
      throws SQLException {
    while (true) {
      boolean leads = storage.within(connection, tx -> tx.leads(term));
      if (!leads) {
        connection.rollback();
        return 1;
      }
      // Now and then a writer is slow, and its lease is over before it commits.
      Await.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(8)));
      try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
        statement.setLong(1, term.incarnation());
        statement.setLong(2, term.number());
        statement.setInt(3, candidate);
        statement.execute();
      }
      connection.commit();
    }
  }

  private static Candidate candidate(PostgresStorage storage, String name) {
    NodeId node = new NodeId(name);
    NodeStart start = new NodeStart(
        node,
        "",
        Map.of(),
        Set.of(),
        0,
        Duration.ofMinutes(10),
        Duration.ofMinutes(20),
        NodeStart.Mode.MEMBER);
    if (storage.sessions().open(start) instanceof Sessions.Opening.Opened opened) {
      return new Candidate(opened.session(), node);
    }
    throw new IllegalStateException("no session");
  }
}
