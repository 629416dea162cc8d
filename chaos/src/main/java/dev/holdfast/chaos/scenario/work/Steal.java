package dev.holdfast.chaos.scenario.work;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.node.NodeLog;
import dev.holdfast.chaos.node.NodeLog.Mark;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.NodeSpec;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Assignment;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import java.time.Duration;
import java.util.List;

/**
 * A session ends while it holds tasks; another one gets them; then the first one completes them
 * all the same, before the other does. Nothing of its word may count. A round: 20 tasks.
 */
public final class Steal implements Scenario {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int TASKS = 20;

  @Override
  public String name() {
    return "steal";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) {
    stage.startAll(NodeSpec.auto("a").withSlots(0));
    stage.awaitLeader();
    PostgresSettings settings = PostgresSettings.of(stage.engineUrl(), "postgres", "")
        .inSchema(Stage.SCHEMA)
        .withPoolSize(2);
    int refused = 0;
    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      for (int round = 0; round < rounds; round++) {
        refused += round(stage, storage, round);
      }
    }
    stage.check(PATIENCE);
    report.say("   " + refused + " of " + rounds * TASKS + " completions of old owners refused");
  }

  private static int round(Stage stage, PostgresStorage storage, int round) {
    stage.client().submit(Tasks.sleeping("steal" + round, TASKS, 0));
    SessionId older = Racers.open(storage, "older" + round);
    List<Assignment> lost = claim(storage, older);
    storage.sessions().end(older);
    Await.until(
        "the tasks are free again",
        PATIENCE,
        () -> stage.postgres().number("SELECT count(*) FROM chaos.ready") == TASKS);
    List<Assignment> got = claim(storage, Racers.open(storage, "newer" + round));
    int late = complete(stage, storage, lost, "older");
    complete(stage, storage, got, "newer");
    return lost.size() - late;
  }

  private static List<Assignment> claim(PostgresStorage storage, SessionId session) {
    List<Lane> lanes = storage.tasks().lanesAfter(0);
    ClaimAnswer answer = storage.transact(
        tx -> tx.runs().claim(new ClaimRequest(session, 1, lanes, ClaimRequest.MAX_LIMIT)));
    if (answer instanceof ClaimAnswer.Claimed claimed) {
      return claimed.assignments();
    }
    throw new IllegalStateException("the session has ended");
  }

  /** Completes what it thinks is its own, and writes down what it was told. */
  private static int complete(
      Stage stage, PostgresStorage storage, List<Assignment> runs, String name) {
    int accepted = 0;
    NodeLog log = new NodeLog(stage.folder().resolve("nodes.log"), name);
    for (Assignment one : runs) {
      var key = one.held().run().key();
      log.add(Mark.BEGIN, key.task().toString(), key.number(), 1, "");
      log.add(Mark.END, key.task().toString(), key.number(), 1, "");
      boolean isAccepted = storage.transact(tx -> {
        var outcome = new Outcome.Completed(Json.NULL, tx.now(), tx.now());
        var queue = one.definition().address().queue();
        return !tx.runs().complete(List.of(new Completion(key, queue, outcome))).isEmpty();
      });
      log.add(isAccepted ? Mark.ACCEPTED : Mark.MISSED, key.task().toString(), key.number(), 1, "");
      accepted += isAccepted ? 1 : 0;
    }
    return accepted;
  }
}
