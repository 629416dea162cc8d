package dev.holdfast.testkit.selftest;

import static dev.holdfast.testkit.selftest.Broken.port;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.read.EventLog;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Ways to be wrong in what is shown. */
final class ReadFlaws {

  private ReadFlaws() {}

  private static Flaw tasks(
      Class<? extends StorageContract> contract,
      String what,
      String rule,
      String method,
      Broken.Instead<TaskQueries> instead) {
    return new Flaw(what, contract, rule, port(TaskQueries.class, "tasks", method, instead));
  }

  static Stream<Flaw> ofTasks() {
    return Stream.concat(ofViews(), ofLists());
  }

  private static Stream<Flaw> ofViews() {
    return Stream.of(
        tasks(
            Flawed.TaskQueries.class,
            "attempts of waiting tasks one too high",
            "find_showsAReleasedTaskWithoutItsAttempt",
            "find",
            (real, args) -> real.find((TaskId) args[0]).map(view -> attempt(view, 1))),
        tasks(
            Flawed.TaskQueries.class,
            "attempts that start at 1",
            "find_showsAPendingTask",
            "find",
            (real, args) -> real.find((TaskId) args[0]).map(view -> attempt(view, 1))),
        tasks(
            Flawed.TaskList.class,
            "list from the oldest",
            "list_showsTheNewestFirst",
            "list",
            (real, args) -> real.list((TaskFilter) args[0], (int) args[1]).reversed()),
        tasks(
            Flawed.TaskList.class,
            "list that ignores the filter",
            "list_filtersByState",
            "list",
            (real, args) -> real.list(TaskFilter.ALL, (int) args[1])),
        tasks(
            Flawed.TaskList.class,
            "list that ignores the filter",
            "list_filtersByEachMember",
            "list",
            (real, args) -> real.list(TaskFilter.ALL, (int) args[1])));
  }

  private static Stream<Flaw> ofLists() {
    return Stream.of(
        tasks(
            Flawed.TaskList.class,
            "list of everything",
            "list_leavesOutWhatIsLarge",
            "list",
            (real, args) -> real.list((TaskFilter) args[0], (int) args[1]).stream()
                .map(view -> real.find(view.definition().id()).orElseThrow())
                .toList()),
        tasks(
            Flawed.Stats.class,
            "stats of live tasks only",
            "stats_countEndedTasks",
            "stats",
            (real, args) -> {
              Stats stats = real.stats();
              return new Stats(Map.of(), null, 0, stats.now());
            }),
        tasks(
            Flawed.Stats.class,
            "stats that never forget",
            "stats_countWhatCompletedInTheLastTenSeconds",
            "stats",
            (real, args) -> {
              Stats stats = real.stats();
              return new Stats(stats.queues(), stats.oldestPendingSince(), 5, stats.now());
            }));
  }

  private static TaskView attempt(TaskView view, int attempt) {
    return new TaskView(
        view.definition(),
        view.payload(),
        view.state(),
        attempt,
        view.version(),
        view.lease(),
        view.progress(),
        view.cancelRequested(),
        view.dueAt(),
        view.expiresAt(),
        view.startedAt(),
        view.finishedAt(),
        view.result(),
        view.error(),
        view.dependsOn(),
        view.queuePosition());
  }

  private static Flaw events(
      Class<? extends StorageContract> contract,
      String what,
      String rule,
      String method,
      Broken.Instead<EventLog> instead) {
    return new Flaw(what, contract, rule, port(EventLog.class, "events", method, instead));
  }

  static Stream<Flaw> ofEvents() {
    return Stream.concat(ofStories(), ofPages());
  }

  private static Stream<Flaw> ofStories() {
    Class<Flawed.EventStream> stream = Flawed.EventStream.class;
    return Stream.of(
        events(
            Flawed.EventLog.class,
            "story without starts",
            "story_ofAPlainTask",
            "ofTask",
            (real, args) -> ofTask(real, args).stream()
                .filter(event -> event.type() != EventType.STARTED)
                .toList()),
        events(
            Flawed.EventLog.class,
            "story from the start",
            "ofTask_goesOnBehindAVersion",
            "ofTask",
            (real, args) -> real.ofTask((TaskId) args[0], 0, (int) args[2])),
        events(
            stream,
            "page that jumps over the rest of a transaction",
            "page_goesOnInsideATransaction",
            "page",
            (real, args) -> moved(page(real, args), behind(page(real, args).next()))),
        events(
            stream,
            "page that repeats its last event",
            "page_goesOnInsideATransaction",
            "page",
            (real, args) -> moved(page(real, args), (EventPosition) args[0])),
        events(
            stream,
            "next behind what is yet to come",
            "next_missesNothingThatComesLater",
            "page",
            (real, args) -> moved(page(real, args), future(page(real, args).next()))));
  }

  private static Stream<Flaw> ofPages() {
    Class<Flawed.EventStream> stream = Flawed.EventStream.class;
    return Stream.of(
        events(
            stream,
            "page that loses late commits",
            "page_losesNoEventThatCommitsLate",
            "page",
            new Losing()),
        events(
            stream,
            "page that loses late commits",
            "page_givesEveryEventOnceAndInOrder",
            "page",
            new Losing()),
        events(
            stream,
            "head that is the start",
            "head_isBehindEverythingThatCouldBeSeen",
            "head",
            (real, args) -> real.start()),
        events(
            stream,
            "positions of anybody",
            "isKept_refusesPositionsOfAnotherDatabase",
            "isKept",
            (real, args) -> true));
  }

  private static List<TaskEvent> ofTask(EventLog real, Object[] args) {
    return real.ofTask((TaskId) args[0], (int) args[1], (int) args[2]);
  }

  private static EventPage page(EventLog real, Object[] args) {
    return real.page((EventPosition) args[0], (int) args[1]);
  }

  private static EventPage moved(EventPage page, EventPosition next) {
    return new EventPage(page.entries(), next, page.caughtUp());
  }

  private static EventPosition behind(EventPosition position) {
    return EventPosition.behind(position.incarnation(), position.transaction());
  }

  private static EventPosition future(EventPosition position) {
    return EventPosition.behind(position.incarnation(), position.transaction() + 1);
  }

  /** Misses the first event of its first page, as if it had been committed behind the reader. */
  private static final class Losing implements Broken.Instead<EventLog> {

    private boolean lost;

    @Override
    public Object call(EventLog real, Object[] args) {
      EventPage page = page(real, args);
      if (lost || page.entries().isEmpty()) {
        return page;
      }
      lost = true;
      var rest = page.entries().subList(1, page.entries().size());
      return new EventPage(rest, page.next(), page.caughtUp());
    }
  }
}
