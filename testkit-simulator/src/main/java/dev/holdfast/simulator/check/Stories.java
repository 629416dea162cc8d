package dev.holdfast.simulator.check;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows the event log of the truth, event by event, and folds it into a story for each task. */
public final class Stories {

  private static final int PAGE = 500;

  private final Verdict verdict;
  private final Storage truth;
  private final Map<TaskId, TaskStory> stories = new LinkedHashMap<>();
  private final List<EventPosition> positions = new ArrayList<>();
  private final Map<EventType, Integer> counts = new EnumMap<>(EventType.class);
  private EventPosition next;
  private int ended;

  Stories(Verdict verdict, Storage truth) {
    this.verdict = verdict;
    this.truth = truth;
    this.next = truth.events().start();
  }

  /** Reads what is new. */
  public void readOn() {
    if (truth.events().head().transaction() == next.transaction()) {
      return;
    }
    EventPage page;
    do {
      page = truth.events().page(next, PAGE);
      page.entries().forEach(this::read);
      next = page.next();
    } while (!page.caughtUp());
  }

  private void read(EventPage.Entry entry) {
    TaskEvent event = entry.event();
    positions.add(entry.position());
    counts.merge(event.type(), 1, Integer::sum);
    verdict.tell(
        () -> "event " + event.type().code() + " " + event.task() + " v" + event.version());
    TaskStory story = stories.get(event.task());
    if (story == null) {
      story = new TaskStory(
          truth.tasks().find(event.task()).orElseThrow().definition().policy());
      stories.put(event.task(), story);
    }
    boolean wasOver = story.isOver();
    String fault = story.tell(event);
    if (fault != null) {
      String property = fault.substring(0, 2);
      verdict.broken(property, event.task() + ": " + fault.substring(3) + " by " + event);
    }
    ended += (story.isOver() ? 1 : 0) - (wasOver ? 1 : 0);
  }

  /** How many events of a type there were. */
  public int count(EventType type) {
    return counts.getOrDefault(type, 0);
  }

  /** How many tasks there are. */
  public int tasks() {
    return stories.size();
  }

  /** Whether every task has ended. */
  public boolean areOver() {
    return ended == stories.size();
  }

  /** Where every event stands, in the order in which they came. */
  public List<EventPosition> positions() {
    return positions;
  }

  /** The tasks that have ended, but for those that completed. */
  public List<TaskId> endedBadly() {
    return stories.entrySet().stream()
        .filter(one -> one.getValue().isOver())
        .filter(one -> one.getValue().end() != TaskState.COMPLETED)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The tasks that have not ended, for people. */
  public String open() {
    List<String> open = new ArrayList<>();
    stories.forEach((task, story) -> {
      if (!story.isOver()) {
        open.add(task + " " + story);
      }
    });
    return String.join("; ", open);
  }

  /** Whether what the log tells is what the storage says of each task. */
  public void compareWithState() {
    stories.forEach((task, story) -> {
      TaskView view = truth.tasks().find(task).orElse(null);
      if (view == null) {
        verdict.broken("S1", task + " has events and is not there");
      } else if (view.version() != story.version() || !isSame(view.state(), story.end())) {
        verdict.broken("S7", task + " is " + view.state() + ", its events tell " + story);
      }
      int told = truth.events().ofTask(task, 0, Integer.MAX_VALUE).size();
      if (told != story.version()) {
        verdict.broken("S7", task + " has " + told + " events of " + story.version());
      }
    });
  }

  private static boolean isSame(TaskState state, @Nullable TaskState end) {
    return end == null ? !state.isTerminal() : state == end;
  }
}
