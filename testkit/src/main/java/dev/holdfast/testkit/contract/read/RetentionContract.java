package dev.holdfast.testkit.contract.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.history.History.Removed;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.StorageContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What can be read once old tasks are removed: the stream, stories of others, nodes. */
public abstract class RetentionContract extends StorageContract {

  private static final Duration AGE = Duration.ofHours(1);
  private static final Duration LONGER = Duration.ofHours(2);
  private static final int ALL = 1000;

  private List<TaskId> sweep() {
    return storage()
        .transact(tx -> tx.history().removeEnded(tx.now().minus(AGE), null, ALL))
        .removed()
        .stream()
        .map(Removed::task)
        .toList();
  }

  private TaskDefinition completed() {
    TaskDefinition task = steps().submit();
    assertThat(steps().complete(steps().claimOne(steps().open("a")))).isTrue();
    return task;
  }

  private List<EventPage.Entry> stream(EventPosition after) {
    List<EventPage.Entry> entries = new ArrayList<>();
    EventPosition position = after;
    for (int i = 0; i < ALL; i++) {
      EventPage page = storage().events().page(position, 100);
      entries.addAll(page.entries());
      position = page.next();
      if (page.caughtUp()) {
        return entries;
      }
    }
    throw new AssertionError("the stream does not end");
  }

  @Test
  void removeEnded_movesTheStartOfTheStream() {
    EventPosition beginning = storage().events().start();
    TaskDefinition old = completed();
    EventPosition behindOld = stream(beginning).getLast().position();
    advance(LONGER);
    EventPosition head = storage().events().head();
    TaskDefinition young = steps().submit();
    assertThat(storage().events().isKept(behindOld)).isTrue();

    assertThat(sweep()).containsExactly(old.id());

    assertThat(storage().events().isKept(beginning)).isFalse();
    assertThat(storage().events().isKept(storage().events().start())).isTrue();
    assertThat(storage().events().isKept(storage().events().head())).isTrue();
    assertThat(stream(head)).extracting(one -> one.event().task()).containsExactly(young.id());
    assertThat(stream(beginning))
        .isEqualTo(stream(storage().events().start()))
        .extracting(one -> one.event().task())
        .containsExactly(young.id());
  }

  @Test
  void removeEnded_keepsTheStoryOfAnotherTaskOfTheSameClaim() {
    steps().submit(2);
    SessionId session = steps().open("a");
    List<Held> held = steps().claim(session, 2);
    assertThat(steps().complete(held.get(0))).isTrue();
    TaskId kept = held.get(1).run().task();
    var story = storage().events().ofTask(kept, 0, 10);
    advance(LONGER);

    assertThat(sweep()).containsExactly(held.get(0).run().task());

    assertThat(storage().events().ofTask(kept, 0, 10)).isEqualTo(story).hasSize(2);
    EventPosition head = storage().events().head();
    assertThat(steps().complete(held.get(1))).isTrue();
    assertThat(stream(head)).hasSize(2);
  }

  @Test
  void removeSessions_removesThoseOfWhichNothingIsKept() {
    steps().submit();
    SessionId idle = steps().open("idle");
    SessionId worked = steps().open("worked");
    SessionId alive = steps().open("alive");
    assertThat(steps().complete(steps().claimOne(worked))).isTrue();
    storage().sessions().end(idle);
    storage().sessions().end(worked);
    assertThat(removeSessions()).isZero();
    advance(LONGER);

    assertThat(removeSessions()).isEqualTo(1);
    assertThat(nodes()).containsExactlyInAnyOrder("alive", "worked");
    assertThat(sweep()).hasSize(1);
    assertThat(removeSessions()).isEqualTo(1);

    assertThat(nodes()).containsExactly("alive");
    assertThat(alive).isNotEqualTo(idle);
  }

  private int removeSessions() {
    return storage().transact(tx -> tx.history().removeSessions(tx.now().minus(AGE), ALL));
  }

  private Set<String> nodes() {
    return storage().sessions().nodes().stream()
        .map(node -> node.profile().node().value())
        .collect(Collectors.toSet());
  }

  @Test
  void removeEnded_lastsAndGivesNoNumberTwice() {
    requires(Capability.DURABLE);
    SessionId before = steps().open("a");
    steps().submit();
    Held held = steps().claimOne(before);
    assertThat(steps().complete(held)).isTrue();
    EventPosition last = stream(storage().events().start()).getLast().position();
    storage().sessions().end(before);
    advance(LONGER);
    assertThat(sweep()).hasSize(1);
    assertThat(removeSessions()).isEqualTo(1);

    harness().reopen();

    assertThat(storage().events().isKept(last)).isFalse();
    SessionId after = steps().open("a");
    TaskDefinition task = steps().submit();
    Held next = steps().claimOne(after);
    assertThat(after.value()).isGreaterThan(before.value());
    assertThat(next.lease().claim().value()).isGreaterThan(held.lease().claim().value());
    assertThat(stream(storage().events().start())).hasSize(2).allSatisfy(one -> {
      assertThat(one.event().task()).isEqualTo(task.id());
      assertThat(one.position()).isGreaterThan(last);
    });
  }
}
