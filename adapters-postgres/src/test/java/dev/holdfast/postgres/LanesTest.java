package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.tx.ClaimAnswer;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.postgres.contract.PostgresHarness;
import dev.holdfast.postgres.db.Database;
import dev.holdfast.postgres.submit.Lanes;
import dev.holdfast.postgres.submit.Notice;
import dev.holdfast.postgres.tx.Positions;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many lanes: made by many at once, and claimed from as if they were one. */
class LanesTest {

  private final PostgresHarness harness = new PostgresHarness();
  private final PostgresStorage storage = (PostgresStorage) harness.storage();
  private final Samples samples = Samples.seeded();
  private final Steps steps = new Steps(storage, samples);

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void lanesAfter_misses_none_while_others_make_lanes() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor();
        PostgresStorage other = PostgresStorage.open(harness.settings())) {
      List<Future<?>> makers = new ArrayList<>();
      for (int maker = 0; maker < 6; maker++) {
        Steps own = new Steps(maker % 2 == 0 ? storage : other, samples);
        String prefix = "m" + maker + "-";
        makers.add(pool.submit(() -> IntStream.range(0, 8)
            .forEach(lane -> own.submit(samples.task().inQueue(prefix + lane)))));
      }
      List<Lane> seen = new ArrayList<>();
      while (seen.size() < 48) {
        int last = seen.isEmpty() ? 0 : seen.getLast().number();
        seen.addAll(other.tasks().lanesAfter(last));
        assertThat(makers).noneMatch(maker -> maker.state() == Future.State.FAILED);
      }

      assertThat(storage.tasks().lanesAfter(0)).isEqualTo(seen);
    }
  }

  @Test
  void a_new_lane_needs_no_second_connection_unless_the_caller_is_in_a_transaction() {
    Lanes lanes = new Lanes(new Database(() -> {
      throw new SQLException("a second connection");
    }));
    Database database = new Database(harness.settings().source(Duration.ofSeconds(30)));
    Function<Handle, Boolean> submit = handle -> {
      var birth = samples.birth(samples.task().inQueue("q" + handle.isInTransaction()), now());
      new PostgresTx(handle, lanes, new Positions(System::nanoTime), Notice.NONE)
          .submissions()
          .create(List.of(birth));
      return true;
    };

    assertThat(database.atOnce(submit)).isTrue();
    assertThat(storage.tasks().lanesAfter(0)).hasSize(1);
    assertThatThrownBy(() -> database.transact(submit)).hasMessageContaining("a second connection");
  }

  private Instant now() {
    return storage.transact(StorageTx::now);
  }

  @Test
  void claim_merges_lanes_that_differ_in_length_and_age() {
    List<NewTask> tasks = new ArrayList<>();
    for (int lane = 0; lane < 40; lane++) {
      int length = samples.random().nextInt(1, 60);
      for (int task = 0; task < length; task++) {
        tasks.add(
            samples.task().inQueue("q" + lane).withPriority(samples.random().nextInt(3)));
      }
    }
    List<TaskId> expected = new ArrayList<>();
    for (int from = 0; from < tasks.size(); from += 100) {
      steps.submit(tasks.subList(from, Math.min(from + 100, tasks.size()))).stream()
          .map(TaskDefinition::id)
          .forEach(expected::add);
    }
    expected.sort(byOrder());

    SessionId session = steps.open("a");
    List<TaskId> claimed = new ArrayList<>();
    while (claimed.size() < expected.size()) {
      List<Held> batch = steps.claim(session, 100);
      assertThat(batch).hasSize(Math.min(100, expected.size() - claimed.size()));
      batch.forEach(held -> claimed.add(held.run().task()));
    }

    assertThat(claimed).isEqualTo(expected);
  }

  private Comparator<TaskId> byOrder() {
    return Comparator.comparingInt((TaskId task) -> definition(task).priority())
        .thenComparingLong(task -> definition(task).order())
        .thenComparing(task -> task);
  }

  private TaskDefinition definition(TaskId task) {
    return storage.tasks().find(task).orElseThrow().definition();
  }

  @Test
  void claim_of_a_lane_that_does_not_exist_gives_nothing() {
    steps.submit();
    SessionId session = steps.open("a");
    Lane real = storage.tasks().lanesAfter(0).getFirst();
    Lane none = new Lane(real.number() + 1000, real.key());

    assertThat(claim(session, 1, List.of(none))).isEmpty();
    assertThat(claim(session, 2, List.of(none, real))).hasSize(1);
    assertThat(claim(session, 3, List.of())).isEmpty();
  }

  @Test
  void claim_skips_a_paused_lane() {
    steps.submit(samples.task().inQueue("still"));
    steps.submit(samples.task().inQueue("runs"));
    harness.database().execute("UPDATE lane SET paused = true WHERE queue = 'still'");
    SessionId session = steps.open("a");
    List<Lane> lanes = storage.tasks().lanesAfter(0);

    assertThat(claim(session, 1, lanes.subList(0, 1))).isEmpty();
    assertThat(claim(session, 2, lanes)).hasSize(1);
  }

  @Test
  void claim_asked_again_while_the_first_is_open_gives_the_same() {
    steps.submit(5);
    SessionId session = steps.open("a");
    List<Lane> lanes = storage.tasks().lanesAfter(0);
    ClaimRequest request = new ClaimRequest(session, 7, lanes, 3);

    var both = new Duel(storage)
        .whileOpen(
            tx -> tx.runs().claim(request),
            () -> storage.transact(tx -> tx.runs().claim(request)));

    assertThat(tasks(both.second())).isEqualTo(tasks(both.first())).hasSize(3);
  }

  @Test
  void claim_asked_again_waits_for_a_try_that_is_on_its_way_and_takes_all() throws Exception {
    steps.submit(3);
    SessionId session = steps.open("a");
    List<Lane> lanes = storage.tasks().lanesAfter(0);
    try (Connection lost = harness.connect()) {
      lost.setAutoCommit(false);
      ClaimAnswer first =
          storage.within(lost, tx -> tx.runs().claim(new ClaimRequest(session, 7, lanes, 10)));
      var again = CompletableFuture.supplyAsync(() ->
          storage.atOnce(tx -> tx.runs().claim(new ClaimRequest(session, 7, lanes, 10, true))));
      harness.awaitWaiter("FROM session WHERE id = $1 FOR UPDATE");
      lost.commit();

      assertThat(tasks(again.get(30, TimeUnit.SECONDS))).isEqualTo(tasks(first)).hasSize(3);
    }
  }

  private List<TaskId> claim(SessionId session, long request, List<Lane> lanes) {
    return tasks(
        storage.transact(tx -> tx.runs().claim(new ClaimRequest(session, request, lanes, 10))));
  }

  private static List<TaskId> tasks(ClaimAnswer answer) {
    return ((Claimed) answer)
        .assignments().stream()
            .map(assignment -> assignment.held().run().task())
            .toList();
  }
}
