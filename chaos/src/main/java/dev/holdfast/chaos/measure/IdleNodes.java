package dev.holdfast.chaos.measure;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What nodes ask of the database that have nothing to do, BEGIN and COMMIT counted too: a node that
 * has its storage for itself, a leader, and two that follow it. Each logs in as a user of its own,
 * by which its statements are known. A round: ten seconds of looking.
 */
public final class IdleNodes implements Scenario {

  private static final double MOST_A_SECOND = 2;
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // A COMMIT is not among them, but each has its BEGIN.
  private static final String CALLS = """
      SELECT CASE WHEN s.query = 'BEGIN' THEN 2 ELSE 1 END * s.calls AS calls,
             regexp_replace(left(s.query, 300), '\\s+', ' ', 'g') AS query
        FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
       WHERE r.rolname = ? ORDER BY s.calls DESC
      """;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    stage
        .postgres()
        .execute(
            "ALTER SYSTEM SET pg_stat_statements.track_utility = on", "SELECT pg_reload_conf()");
    for (String name : List.of("single", "leader", "auto", "worker")) {
      stage.postgres().execute("CREATE ROLE \"" + name + "\" SUPERUSER LOGIN");
    }
    NodeProcess single =
        stage.start(as("single").with("-Xmx192m", "-Duser=single", "-Dschema=own", "-Dalone=true"));
    stage.awaitReady(single);
    stage.startAll(as("leader"));
    stage.awaitLeader();
    stage.startAll(as("auto"), as("worker").as("worker"));
    stage.awaitTrust();
    stage.client().submit(Tasks.sleeping("warm", 10, 1));
    stage.awaitAllEnded(PATIENCE);
    Await.pause(SETTLING);
    List<String> faults = measure(stage, report, Duration.ofSeconds(10L * rounds));
    if (!faults.isEmpty()) {
      throw new IllegalStateException("idle nodes ask too much: " + faults);
    }
    stage.check(PATIENCE);
  }

  private static NodeSpec as(String name) {
    return NodeSpec.auto(name).with("-Xmx192m", "-Duser=" + name);
  }

  private static List<String> measure(Stage stage, Report report, Duration window)
      throws SQLException {
    stage.postgres().execute("SELECT pg_stat_statements_reset()");
    Await.pause(window);
    List<String> faults = new ArrayList<>();
    try (Connection connection = stage.postgres().connect()) {
      for (String name : List.of("single", "leader", "auto", "worker")) {
        double rate = tell(connection, report, name, window);
        if (rate > MOST_A_SECOND) {
          faults.add(name);
        }
      }
    }
    return faults;
  }

  private static double tell(Connection connection, Report report, String name, Duration window)
      throws SQLException {
    long calls = 0;
    List<String> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(CALLS)) {
      statement.setString(1, name);
      try (ResultSet set = statement.executeQuery()) {
        while (set.next()) {
          calls += set.getLong("calls");
          lines.add(line(set.getLong("calls"), window, set.getString("query")));
        }
      }
    }
    report.say(line(calls, window, name + ", statements a second"));
    lines.forEach(report::say);
    return calls / (double) window.toSeconds();
  }

  private static String line(long calls, Duration window, String what) {
    return String.format(
        Locale.ROOT,
        "   %6.2f  %s",
        calls / (double) window.toSeconds(),
        what.substring(0, Math.min(110, what.length())));
  }
}
