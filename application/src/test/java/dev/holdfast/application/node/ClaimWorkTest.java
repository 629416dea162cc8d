package dev.holdfast.application.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.cluster.Sight;
import dev.holdfast.application.loop.Host;
import dev.holdfast.application.loop.LoopThreads;
import dev.holdfast.application.loop.Meters;
import dev.holdfast.application.testing.Await;
import dev.holdfast.application.testing.Desk;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.application.worker.Handler;
import dev.holdfast.application.worker.Handlers;
import dev.holdfast.application.worker.Worker;
import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.NodeStart.Mode;
import dev.holdfast.domain.port.node.Outlook;
import dev.holdfast.domain.port.node.Sessions;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The claims and the session of a node, driven tick by tick; only handlers have threads. */
class ClaimWorkTest {

  private static final Host THREADS = new LoopThreads("n", Meters.NONE, new SplittableRandom(1));
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final NodeId NODE = new NodeId("n");
  private static final Set<TypeName> TYPES = Set.of(new TypeName("work"));

  private final Desk desk = new Desk();
  private final Semaphore entered = new Semaphore(0);
  private final Semaphore interrupted = new Semaphore(0);
  private final Semaphore release = new Semaphore(0);
  private final AtomicInteger commits = new AtomicInteger();
  private final Handler handler = context -> {
    entered.release();
    try {
      release.acquire();
    } catch (InterruptedException e) {
      interrupted.release();
      throw e;
    }
    return Json.NULL;
  };
  private Worker worker = worker(4);
  private KeepSession session = session(worker);
  private ClaimWork claims = claims();

  private Worker worker(int slots) {
    return new Worker(
        NODE,
        slots,
        new Handlers(Map.of(new TypeName("work"), handler), new TinyJson()),
        desk.storage,
        THREADS,
        e -> {},
        Meters.NONE);
  }

  private KeepSession session(Worker of) {
    NodeStart start = new NodeStart(
        NODE, "", Map.of(), TYPES, 4, Duration.ofSeconds(3), Duration.ofSeconds(10), Mode.MEMBER);
    return new KeepSession(desk.storage, start, of, System::nanoTime, HEARTBEAT, () -> false);
  }

  private ClaimWork claims() {
    Lanes lanes = new Lanes(desk.storage.tasks(), NODE, Map.of(), TYPES);
    return new ClaimWork(
        desk.storage,
        session,
        worker,
        System::nanoTime,
        lanes,
        commits::incrementAndGet,
        POLL,
        Meters.NONE);
  }

  private void slots(int count) {
    worker = worker(count);
    session = session(worker);
    claims = claims();
  }

  private List<TaskId> submit(int count) {
    return desk.submitAll(Stream.generate(Desk::work).limit(count).toArray(NewTask[]::new));
  }

  private void awaitEntered(int count) throws InterruptedException {
    assertThat(entered.tryAcquire(count, 20, TimeUnit.SECONDS)).isTrue();
  }

  private long claimed(List<TaskId> ids) {
    return ids.stream().filter(id -> desk.state(id) == TaskState.CLAIMED).count();
  }

  @AfterEach
  void release() {
    release.release(1000);
  }

  @Test
  void tick_claims_as_many_as_there_are_free_slots_and_says_that_something_was_written()
      throws Exception {
    List<TaskId> ids = submit(10);

    assertThat(claims.tick()).as("no slot is left").isEqualTo(POLL);

    awaitEntered(4);
    assertThat(claimed(ids)).isEqualTo(4);
    assertThat(commits).hasValue(1);
    assertThat(claims.tick()).isEqualTo(POLL);
    assertThat(claimed(ids)).as("never more than free slots for long runs").isEqualTo(4);
  }

  @Test
  void tick_without_slots_claims_nothing() {
    slots(0);
    List<TaskId> ids = submit(3);

    assertThat(claims.tick()).isEqualTo(POLL);

    assertThat(claimed(ids)).isZero();
  }

  @Test
  void tick_prefetches_for_short_runs() throws Exception {
    slots(1);
    release.release(5000);
    List<TaskId> ids = submit(1200);
    // Until the pace has seen that they take no time.
    while (worker.wanted() < 100) {
      claims.tick();
    }

    while (desk.storage.tasks().states(ids).containsValue(TaskState.PENDING)) {
      claims.tick();
    }

    assertThat(commits.get()).as("batches").isLessThan(600);
  }

  @Test
  void the_pause_grows_while_there_is_nothing_and_a_wake_up_ends_that() {
    Duration first = claims.tick();
    Duration second = claims.tick();
    assertThat(second).isEqualTo(first.multipliedBy(2));
    for (int i = 0; i < 10; i++) {
      claims.tick();
    }
    assertThat(claims.tick()).isEqualTo(POLL);

    int[] wakes = new int[1];
    claims.wakeBy(() -> wakes[0]++);
    claims.wake();

    assertThat(wakes[0]).isEqualTo(1);
    assertThat(claims.tick()).isEqualTo(first);
  }

  private static Sight sight(boolean isPending, long askedNanos) {
    return new Sight(
        new Outlook(null, List.of(), List.of(), false, isPending, Map.of()), askedNanos);
  }

  @Test
  void nothing_is_asked_while_heartbeats_see_nothing_pending() {
    assertThat(claims.tick()).isLessThan(POLL);
    claims.see(sight(false, System.nanoTime()));
    assertThat(claims.tick()).as("asks nothing").isEqualTo(POLL);
    claims.see(sight(true, System.nanoTime()));
    assertThat(claims.tick()).isLessThan(POLL);

    claims.see(sight(false, System.nanoTime() - POLL.multipliedBy(2).toNanos()));
    assertThat(claims.tick()).as("that was long ago").isLessThan(POLL);
  }

  @Test
  void what_a_heartbeat_saw_before_a_wake_up_counts_no_more() {
    claims.tick();
    claims.see(sight(false, System.nanoTime()));
    List<TaskId> ids = submit(2);

    claims.wake();
    claims.tick();

    assertThat(claimed(ids)).isEqualTo(2);
  }

  @Test
  void a_heartbeat_that_sees_something_pending_wakes_once() {
    int[] wakes = new int[1];
    claims.wakeBy(() -> wakes[0]++);
    claims.see(sight(true, System.nanoTime()));
    claims.see(sight(true, System.nanoTime()));
    assertThat(wakes[0]).isEqualTo(1);

    claims.see(sight(false, System.nanoTime()));
    claims.see(sight(true, System.nanoTime()));
    assertThat(wakes[0]).isEqualTo(2);
  }

  @Test
  void room_wakes_only_when_there_may_be_more_to_claim() throws Exception {
    int[] wakes = new int[1];
    claims.wakeBy(() -> wakes[0]++);
    submit(2);
    claims.tick();
    awaitEntered(2);

    claims.roomMade();
    assertThat(wakes[0]).as("the last claim was not full").isZero();

    submit(10);
    claims.tick();
    claims.roomMade();
    assertThat(wakes[0]).isEqualTo(1);
  }

  @Test
  void a_claim_whose_answer_was_lost_is_asked_for_again_and_strands_nothing() throws Exception {
    List<TaskId> ids = submit(3);
    desk.storage.loseAnswersOf("claim", 2);
    assertThatThrownBy(claims::tick).isInstanceOf(StorageUnavailable.class);
    assertThatThrownBy(claims::tick).isInstanceOf(StorageUnavailable.class);
    assertThat(claimed(ids)).isEqualTo(3);

    claims.tick();

    awaitEntered(3);
    assertThat(desk.storage.events().ofTask(ids.get(0), 0, 10)).hasSize(2);
    submit(1);
    claims.tick();
    awaitEntered(1);
  }

  @Test
  void a_lost_answer_is_asked_for_whatever_the_heartbeats_see() throws Exception {
    List<TaskId> ids = submit(3);
    desk.storage.loseAnswersOf("claim", 2);
    assertThatThrownBy(claims::tick).isInstanceOf(StorageUnavailable.class);
    claims.see(sight(false, System.nanoTime()));

    assertThatThrownBy(claims::tick).as("asks again").isInstanceOf(StorageUnavailable.class);
    claims.see(sight(false, System.nanoTime()));
    claims.tick();

    awaitEntered(3);
    assertThat(claimed(ids)).isEqualTo(3);
  }

  @Test
  void a_claim_that_finds_an_earlier_session_ended_leaves_the_present_one_alone() {
    var old = session.id();
    desk.storage.sessions().end(old);
    session.tick();
    assertThat(session.isCurrent(old)).isFalse();

    session.isOverNow(old);
    assertThat(session.isOver()).isFalse();
    session.isOverNow(session.id());
    assertThat(session.isOver()).isTrue();
  }

  @Test
  void lanes_that_this_node_may_not_serve_are_left_alone() {
    List<TaskId> ids = desk.submitAll(
        NewTask.of("other", Json.NULL),
        Desk.work().withConstraints(Constraints.of(Map.of("gpu", "yes"), null, List.of())),
        Desk.work().withConstraints(Constraints.of(Map.of(), null, List.of(NODE))));

    claims.tick();
    claims.tick();

    assertThat(ids).extracting(desk::state).containsOnly(TaskState.PENDING);
  }

  @Test
  void a_stopped_loop_claims_nothing() {
    List<TaskId> ids = submit(1);
    claims.stop();

    claims.tick();

    assertThat(claims.isStopped()).isTrue();
    assertThat(claimed(ids)).isZero();
  }

  @Test
  void the_end_of_the_session_interrupts_the_handlers_and_work_goes_on_in_a_new_one()
      throws Exception {
    List<TaskId> ids = submit(2);
    claims.tick();
    awaitEntered(2);
    var old = session.id();
    int[] begun = new int[1];
    session.onBegun(() -> begun[0]++);
    desk.storage.sessions().end(old);

    assertThat(session.tick()).isEqualTo(HEARTBEAT);

    assertThat(interrupted.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
    assertThat(session.id()).isNotEqualTo(old);
    assertThat(session.isOver()).isFalse();
    assertThat(session.since()).isEqualTo(desk.now());
    assertThat(begun[0]).isEqualTo(1);
    desk.reclaim.tick();
    Await.until(() -> worker.freeSlots() >= 4);
    claims.tick();
    awaitEntered(2);
    assertThat(ids)
        .as("their starts were recorded first, since a claim of them was lost")
        .extracting(desk::state)
        .containsOnly(TaskState.RUNNING);
  }

  @Test
  void a_claim_that_finds_the_session_ended_says_so_and_waits_for_the_new_one() {
    submit(1);
    desk.storage.sessions().end(session.id());
    int[] wakes = new int[1];
    session.wakeBy(() -> wakes[0]++);

    claims.tick();

    assertThat(session.isOver()).isTrue();
    assertThat(wakes[0]).isEqualTo(1);
    int before = desk.storage.transactions();
    claims.tick();
    assertThat(desk.storage.transactions()).as("nothing is asked meanwhile").isEqualTo(before);
  }

  @Test
  void a_claim_that_crosses_the_end_of_its_session_is_stopped() throws Exception {
    submit(1);
    AtomicInteger transactions = new AtomicInteger();
    // The claim is committed; before it is answered, the session ends and is noticed.
    Thread keeper = new Thread(() -> {
      desk.storage.sessions().end(session.id());
      session.tick();
    });
    desk.storage.afterTransactions(() -> {
      if (transactions.getAndIncrement() == 0) {
        keeper.start();
        joinQuietly(keeper);
      }
    });

    claims.tick();
    desk.storage.afterTransactions(() -> {});

    Await.until(() -> worker.freeSlots() >= 4);
    desk.reclaim.tick();
    entered.drainPermits();
    claims.tick();
    awaitEntered(1);
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_storage_that_somebody_else_holds_is_asked_for_again_until_it_is_free() {
    desk.storage.sessions().end(session.id());
    var other = (Sessions.Opening.Opened) desk.storage
        .sessions()
        .open(new NodeStart(
            new NodeId("other"),
            "",
            Map.of(),
            TYPES,
            1,
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Mode.ALONE));

    session.tick();
    session.tick();
    assertThat(session.isOver()).isTrue();

    desk.storage.sessions().end(other.session());
    session.tick();
    assertThat(session.isOver()).isFalse();
  }

  @Test
  void a_heartbeat_tells_of_cancels_that_were_asked_elsewhere() throws Exception {
    TaskId id = submit(1).get(0);
    claims.tick();
    awaitEntered(1);
    desk.cancel.cancel(id, "enough", false);

    session.tick();

    assertThat(interrupted.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }
}
