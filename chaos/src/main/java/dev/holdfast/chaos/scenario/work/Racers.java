package dev.holdfast.chaos.scenario.work;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.scenario.Scenario;
import dev.holdfast.chaos.scenario.Tasks;
import dev.holdfast.chaos.stage.Stage;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.postgres.PostgresSettings;
import dev.holdfast.postgres.PostgresStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sessions that ask for one task at the same moment, 5 and 50: exactly one gets it. And sessions
 * that ask for one of many tasks: each gets one.
 */
public final class Racers implements Scenario {

  @Override
  public String name() {
    return "racers";
  }

  @Override
  public void run(Stage stage, Report report, int rounds) throws Exception {
    PostgresSettings settings = PostgresSettings.of(stage.engineUrl(), "postgres", "")
        .inSchema(Stage.SCHEMA)
        .withPoolSize(60);
    try (PostgresStorage storage = PostgresStorage.open(settings)) {
      for (int racers : List.of(5, 50)) {
        List<SessionId> sessions = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
          sessions.add(open(storage, "racer-" + racers + "-" + i));
        }
        for (int round = 0; round < rounds; round++) {
          stage.client().submit(Tasks.sleeping("race" + racers + "-" + round, 1, 0));
          int got = race(storage, sessions, round + 1);
          if (got != 1) {
            throw new IllegalStateException(racers + " racers: " + got + " claims of one task");
          }
        }
        stage.client().submit(Tasks.sleeping("many" + racers, 300, 0));
        int got = race(storage, sessions, rounds + 1);
        if (got != racers) {
          throw new IllegalStateException(racers + " racers asked for one each, got " + got);
        }
        takeAll(storage, sessions.getFirst(), rounds + 2);
        report.say("   " + racers + " racers for one task, " + rounds
            + " times: each time exactly one claim");
      }
    }
  }

  private static int race(PostgresStorage storage, List<SessionId> sessions, long request)
      throws Exception {
    List<Lane> lanes = storage.tasks().lanesAfter(0);
    CountDownLatch go = new CountDownLatch(1);
    int got = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (SessionId session : sessions) {
        answers.add(threads.submit(() -> {
          go.await();
          return claim(storage, new ClaimRequest(session, request, lanes, 1));
        }));
      }
      go.countDown();
      for (Future<Integer> answer : answers) {
        got += answer.get();
      }
    }
    return got;
  }

  /** Leaves nothing for the next race. */
  private static void takeAll(PostgresStorage storage, SessionId session, long request) {
    List<Lane> lanes = storage.tasks().lanesAfter(0);
    int got = claim(storage, new ClaimRequest(session, request, lanes, ClaimRequest.MAX_LIMIT));
    if (got < 0) {
      throw new IllegalStateException("the session has ended");
    }
  }

  private static int claim(PostgresStorage storage, ClaimRequest request) {
    ClaimAnswer answer = storage.transact(tx -> tx.runs().claim(request));
    return answer instanceof ClaimAnswer.Claimed claimed ? claimed.assignments().size() : -1;
  }

  static SessionId open(PostgresStorage storage, String node) {
    NodeStart start = new NodeStart(
        new NodeId(node),
        "",
        Map.of(),
        Set.of(new TypeName("sleep")),
        1,
        Duration.ofMinutes(10),
        Duration.ofMinutes(20),
        NodeStart.Mode.MEMBER);
    if (storage.sessions().open(start) instanceof Sessions.Opening.Opened opened) {
      return opened.session();
    }
    throw new IllegalStateException("no session");
  }
}
