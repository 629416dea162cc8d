package dev.holdfast.testkit.contract.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.read.EventPage.Entry;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Duel;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The global stream: every event exactly once, each task's in order. */
public abstract class EventStreamContract extends StorageContract {

  private static final int PAGES = 5_000;

  private EventPage page(EventPosition after, int limit) {
    return storage().events().page(after, limit);
  }

  private List<Entry> readOn(EventPosition after, int limit) {
    List<Entry> entries = new ArrayList<>();
    EventPosition position = after;
    for (int i = 0; i < PAGES; i++) {
      EventPage page = page(position, limit);
      assertThat(page.entries().size()).isLessThanOrEqualTo(limit);
      entries.addAll(page.entries());
      position = page.next();
      if (page.caughtUp()) {
        return entries;
      }
    }
    throw new AssertionError("the stream does not end");
  }

  private List<Entry> readAll() {
    return readOn(storage().events().start(), 1000);
  }

  /** Some tasks in many states, in transactions of different sizes. */
  private void history() {
    steps().submit(5);
    SessionId session = steps().open("a");
    var held = steps().claim(session, 4);
    assertThat(steps().complete(held.subList(0, 2))).hasSize(2);
    steps().progress(held.get(2), 10);
    assertThat(steps().fail(held.get(2))).isPresent();
    assertThat(steps().release(held.get(3))).isPresent();
  }

  private static void assertGapless(List<Entry> entries) {
    Map<Object, Integer> versions = new HashMap<>();
    for (Entry entry : entries) {
      TaskEvent event = entry.event();
      int expected = versions.merge(event.task(), 1, Integer::sum);
      assertThat(event.version()).as("%s", event).isEqualTo(expected);
    }
  }

  /** The older transaction writes first to another task and then, after the younger, to this. */
  @Test
  void page_tellsATaskInOrder_alsoWhenTheOlderTransactionWritesLater() {
    steps().submit(2);
    SessionId session = steps().open("a");
    var held = steps().claim(session, 2);
    TaskId contested = held.get(1).run().task();

    var unused = new Duel(storage())
        .between(
            tx -> steps().complete(tx, held.subList(0, 1)),
            () -> steps().release(held.get(1)),
            tx -> tx.places()
                .takeWaiting(List.of(contested))
                .forEach(place -> tx.facts().end(List.of(cancelled(tx, place)))));

    assertGapless(readAll());
  }

  private static RunEnd cancelled(StorageTx tx, Place place) {
    return Objects.requireNonNull(Lifecycle.cancel(place, "late", tx.now()).end());
  }

  @Test
  void page_givesEveryEventOnceAndInOrder() {
    history();

    List<Entry> all = readAll();

    assertThat(all).hasSize(5 + 4 + 2 * 2 + 2 + 2 + 1);
    assertGapless(all);
    assertThat(all).extracting(Entry::position).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void page_agreesWithTheStoryOfEachTask() {
    history();
    Map<Object, List<TaskEvent>> byTask = new HashMap<>();
    readAll()
        .forEach(entry -> byTask
            .computeIfAbsent(entry.event().task(), task -> new ArrayList<>())
            .add(entry.event()));

    byTask
        .values()
        .forEach(
            events -> assertThat(storage().events().ofTask(events.getFirst().task(), 0, 100))
                .isEqualTo(events));
  }

  @Test
  void page_goesOnInsideATransaction() {
    steps().submit(100);

    for (int limit : new int[] {1, 7, 99, 100}) {
      assertThat(readOn(storage().events().start(), limit)).isEqualTo(readAll());
    }
    assertThat(readAll()).hasSize(100);
  }

  @Test
  void page_goesOnBehindEveryPosition() {
    history();
    List<Entry> all = readAll();

    for (int i = 0; i < all.size(); i++) {
      EventPosition position = EventPosition.parse(all.get(i).position().toString());
      assertThat(storage().events().isKept(position)).isTrue();
      assertThat(readOn(position, 3)).isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void page_namesTheAddressOfTheTask() {
    TaskDefinition task = steps().submit(samples().task().inQueue("mail"));

    assertThat(readAll()).singleElement().satisfies(entry -> {
      assertThat(entry.address()).isEqualTo(task.address());
      assertThat(entry.position().task()).isEqualTo(task.id());
      assertThat(entry.position().version()).isEqualTo(1);
    });
  }

  @Test
  void page_ofAnEmptyLogIsCaughtUp() {
    EventPage page = page(storage().events().start(), 10);

    assertThat(page.entries()).isEmpty();
    assertThat(page.caughtUp()).isTrue();
    steps().submit();
    assertThat(readOn(page.next(), 10)).hasSize(1);
  }

  @Test
  void next_missesNothingThatComesLater() {
    EventPosition position = storage().events().start();
    List<Entry> seen = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      steps().submit(3);
      EventPage page = page(position, 1000);
      seen.addAll(page.entries());
      position = page.next();
    }
    seen.addAll(readOn(position, 1000));

    assertThat(seen).isEqualTo(readAll()).hasSize(15);
  }

  @Test
  void head_isBehindEverythingThatCouldBeSeen() {
    history();
    EventPosition head = storage().events().head();
    assertThat(storage().events().isKept(head)).isTrue();
    assertThat(readOn(head, 10)).isEmpty();
    TaskDefinition later = steps().submit();

    assertThat(readOn(head, 10))
        .extracting(entry -> entry.event().task())
        .containsExactly(later.id());
  }

  @Test
  void isKept_refusesPositionsOfAnotherDatabase() {
    steps().submit();
    EventPosition head = storage().events().head();
    EventPosition alien = EventPosition.before(head.incarnation() ^ 1, head.transaction());

    assertThat(head.incarnation()).isPositive();
    assertThat(storage().events().isKept(alien)).isFalse();
    assertThat(storage().events().isKept(storage().events().start())).isTrue();
  }

  @Test
  void page_losesNoEventThatCommitsLate() {
    var result = new Duel(storage())
        .whileOpen(
            tx -> {
              var birth = samples().birth(samples().task(), tx.now());
              tx.submissions().create(List.of(birth));
              return birth.definition();
            },
            () -> {
              TaskDefinition overtaking = steps().submit();
              return Map.entry(overtaking, page(storage().events().start(), 10));
            });
    List<Entry> seen = new ArrayList<>(result.second().getValue().entries());
    seen.addAll(readOn(result.second().getValue().next(), 10));

    assertThat(seen)
        .extracting(entry -> entry.event().task())
        .containsExactlyInAnyOrder(result.first().id(), result.second().getKey().id());
  }

  @Test
  void head_losesNoEventThatCommitsLate() {
    var result = new Duel(storage())
        .whileOpen(
            tx -> {
              var birth = samples().birth(samples().task(), tx.now());
              tx.submissions().create(List.of(birth));
              return birth.definition();
            },
            () -> {
              steps().submit();
              EventPosition head = storage().events().head();
              int before = storage().tasks().list(TaskFilter.ALL, 10).size();
              return Map.entry(head, before);
            });

    // What could not be seen when the head was asked for comes behind it.
    int unseen = 2 - result.second().getValue();
    assertThat(readOn(result.second().getKey(), 10)).hasSizeGreaterThanOrEqualTo(unseen);
  }

  @Test
  void page_isExactWhileManyWrite() throws Exception {
    int writers = 4;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> work = IntStream.range(0, writers)
          .<Callable<Integer>>mapToObj(writer -> () -> write(writer))
          .toList();
      List<Future<Integer>> running = work.stream().map(threads::submit).toList();
      List<Entry> seen = new ArrayList<>();
      EventPosition position = storage().events().start();
      while (!running.stream().allMatch(Future::isDone)) {
        EventPage page = page(position, 17);
        seen.addAll(page.entries());
        position = page.next();
      }
      seen.addAll(readOn(position, 17));
      int written = 0;
      for (Future<Integer> future : running) {
        written += future.get();
      }

      assertThat(seen).hasSize(written);
      assertThat(seen).extracting(Entry::position).doesNotHaveDuplicates();
      assertGapless(seen);
      assertThat(readAll()).isEqualTo(seen);
    }
  }

  private int write(int writer) {
    SessionId session = steps().open("writer-" + writer);
    int events = 0;
    for (int i = 0; i < 15; i++) {
      events += steps().submit(5).size();
      var held = steps().claim(session, 4);
      events += held.size();
      events += 2 * steps().complete(held).size();
    }
    return events;
  }
}
