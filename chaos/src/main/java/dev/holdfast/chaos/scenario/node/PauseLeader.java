package dev.holdfast.chaos.scenario.node;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.machine.NodeProcess;
import dev.holdfast.chaos.measure.Figures;
import dev.holdfast.chaos.measure.LeaderWatch;
import dev.holdfast.chaos.scenario.Load;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.domain.task.Due;
import java.sql.SQLException;
import java.time.Duration;

/**
 * SIGSTOP of the leader, anywhere or while it is inside a transaction that holds its term (F3),
 * until another one leads; then it goes on. The lease is five seconds by default.
 */
public final class PauseLeader implements Scenario {

  private static final Duration BOUND = Duration.ofSeconds(7);
  private static final String HOLDS_TERM = """
      SELECT count(*) FROM pg_stat_activity a
        JOIN pg_locks l ON l.pid = a.pid AND l.granted
         AND l.relation = 'chaos.lead'::regclass AND l.mode = 'RowShareLock'
       WHERE a.state = 'idle in transaction' AND a.application_name =
      """;

  private final boolean inTransaction;
  private final Figures gap = new Figures();

  /** Paused anywhere, or inside a transaction. */
  public PauseLeader(boolean inTransaction) {
    this.inTransaction = inTransaction;
  }

  @Override
  public String name() {
    return inTransaction ? "pause-leader-in-transaction" : "pause-leader";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(named(stage, "a"), named(stage, "b"), named(stage, "c"));
    for (int round = 0; round < rounds; round++) {
      try (Load load = new Load(stage, 5, 50, due())) {
        round(stage);
        load.end();
      }
    }
    stage.check(Duration.ofSeconds(60));
    report.say(
        "SIGSTOP leader" + (inTransaction ? " in a transaction" : "") + ": to the next leader",
        gap);
    if (gap.quantile(1) > BOUND.toMillis()) {
      throw new IllegalStateException("longer than a lease and two seconds");
    }
  }

  /** What is due at once gives a leader no transaction to be caught in. */
  private Due due() {
    return inTransaction ? new Due.After(Duration.ofMillis(20)) : Due.NOW;
  }

  private void round(Stage stage) {
    String leader = stage.awaitLeader();
    Await.pause(Duration.ofMillis(200 + stage.random().nextInt(1000)));
    NodeProcess victim = stage.node(leader);
    long paused = inTransaction ? pauseInTransaction(stage, victim) : pause(victim);
    LeaderWatch.awaitOther(stage, leader, Duration.ofSeconds(30));
    gap.addNanos(System.nanoTime() - paused);
    Await.pause(Duration.ofMillis(500));
    victim.resume();
    stage.healed();
    Await.pause(Duration.ofMillis(500));
  }

  private static long pause(NodeProcess victim) {
    long now = System.nanoTime();
    victim.pause();
    return now;
  }

  /** Again and again, until it holds its term and waits. */
  private static long pauseInTransaction(Stage stage, NodeProcess victim) {
    long[] paused = {0};
    Await.until("the leader stopped inside a transaction", Duration.ofSeconds(60), () -> {
      paused[0] = pause(victim);
      if (holdsTerm(stage, victim)) {
        return true;
      }
      victim.resume();
      return false;
    });
    return paused[0];
  }

  private static boolean holdsTerm(Stage stage, NodeProcess victim) throws SQLException {
    return stage.postgres().number(HOLDS_TERM + "'" + victim.name() + "'") > 0;
  }

  private static NodeSpec named(Stage stage, String name) {
    return NodeSpec.auto(name).at(stage.postgres().url() + "?ApplicationName=" + name);
  }
}
