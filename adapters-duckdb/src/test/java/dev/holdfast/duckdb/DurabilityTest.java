package dev.holdfast.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.value.Json;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stays over a clean restart, a failed transaction and a checkpoint. */
final class DurabilityTest {

  private final Samples samples = new Samples(3);
  private DuckDbHarness harness;

  @BeforeEach
  void openHarness() {
    harness = new DuckDbHarness();
  }

  @AfterEach
  void closeHarness() {
    harness.close();
  }

  private Steps steps() {
    return new Steps(harness.storage(), samples);
  }

  private EventPage events(EventPosition after) {
    return harness.storage().events().page(after, 1000);
  }

  @Test
  void reopen_keepsTasksPlacesAndEvents() {
    TaskDefinition waits = steps().submit();
    var session = steps().open("n1");
    var run = steps().claimOne(session);
    steps().start(run);
    TaskView before = harness.storage().tasks().find(waits.id()).orElseThrow();
    EventPage page = events(harness.storage().events().start());

    harness.reopen();

    assertThat(harness.storage().tasks().find(waits.id())).contains(before);
    assertThat(events(harness.storage().events().start())).isEqualTo(page);
    assertThat(harness.storage().events().isKept(page.next())).isTrue();
  }

  @Test
  void reopen_goesOnWithTheNumbers() {
    steps().submit(3);
    EventPosition head = harness.storage().events().head();
    var first = steps().open("n1");
    var claimed = steps().claim(first, 1);

    harness.reopen();
    var second = steps().open("n1");
    var again = steps().claim(second, 1);

    assertThat(second.value()).isGreaterThan(first.value());
    assertThat(again.getFirst().lease().claim().value())
        .isGreaterThan(claimed.getFirst().lease().claim().value());
    assertThat(events(head).entries()).hasSize(2);
    assertThat(harness.storage().tasks().lanesAfter(0)).hasSize(1);
  }

  @Test
  void reopen_endsTheSessionsOfTheProcessBefore() {
    steps().submit();
    var session = steps().open("n1");
    steps().claimOne(session);

    harness.reopen();

    assertThat(harness.storage().sessions().beat(session, new NodeLoad(1, false), null))
        .isInstanceOf(Pulse.Over.class);
    assertThat(harness.storage().sessions().lost(10)).containsExactly(session);
  }

  @Test
  void close_leavesOneWholeFile() {
    steps().submit(100);

    harness.storage().close();
    harness.storage().close();

    assertThat(harness.beside(".wal")).doesNotExist();
    assertThat(harness.beside(".mark")).content().endsWith("no-log" + System.lineSeparator());
  }

  @Test
  void close_refusesWorkAndReadsAfterwards() {
    harness.storage().close();

    assertThatThrownBy(() -> harness.storage().transact(tx -> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> harness.storage().tasks().stats())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    harness.storage().upkeep().tidy();
  }

  @Test
  void transact_refusesDataThatTheTablesCannotKeepAndGoesOn() {
    steps().submit();

    assertThatThrownBy(() -> harness
            .storage()
            .transact(tx -> handle(tx).execute("INSERT INTO ready (task) VALUES (NULL)")))
        .isInstanceOf(StorageRejected.class);

    assertThat(steps().claim(steps().open("n1"), 5)).hasSize(1);
  }

  @Test
  void transact_forgetsTheLanesOfWhatWasRolledBack() {
    NewTask other = samples.task().inQueue("other");
    assertThatThrownBy(() -> harness.storage().transact(tx -> {
          tx.submissions().create(List.of(samples.birth(other, tx.now())));
          throw new IllegalStateException("no");
        }))
        .hasMessage("no");
    assertThat(harness.storage().tasks().lanesAfter(0)).isEmpty();

    steps().submit(samples.task());
    steps().submit(other);

    assertThat(harness.storage().tasks().lanesAfter(0))
        .extracting(lane -> lane.key().address().queue().value())
        .containsExactly("default", "other");
  }

  @Test
  void transact_writesTheLogIntoTheFileBeforeItGrowsTooLong() throws IOException {
    Json large = new Json("\"" + "x".repeat(1_000_000) + "\"");
    NewTask task = NewTask.of("echo", large);
    long longest = 0;
    for (int i = 0; i < 20; i++) {
      steps().submit(task);
      longest = Math.max(longest, logSize());
    }

    assertThat(longest).isGreaterThan(8 << 20);
    assertThat(logSize()).isLessThan(8 << 20);
  }

  private long logSize() throws IOException {
    return Files.exists(harness.beside(".wal")) ? Files.size(harness.beside(".wal")) : 0;
  }

  @Test
  void tidy_writesALongLogIntoTheFile() {
    steps().submit(NewTask.of("echo", new Json("\"" + "x".repeat(1_000_000) + "\"")));
    harness.storage().upkeep().tidy();
    assertThat(harness.beside(".wal")).exists();

    steps().submit(NewTask.of("echo", new Json("\"" + "y".repeat(1_000_000) + "\"")));
    harness.storage().upkeep().tidy();

    assertThat(harness.beside(".wal")).doesNotExist();
    assertThat(harness.beside(".mark")).content().contains(" no-log");
    steps().submit();
    assertThat(harness.beside(".mark")).content().contains(" log");
  }

  @Test
  void transact_answersWhileTheMarkCannotBeWritten() throws IOException {
    Files.createDirectory(harness.beside(".mark.next"));
    TaskDefinition task = steps().submit();

    harness.storage().close();

    Files.delete(harness.beside(".mark.next"));
    harness.reopen();
    assertThat(harness.storage().tasks().find(task.id())).isPresent();
  }

  @Test
  void transact_opensTheFileAnewAfterACommitThatFailed() {
    TaskDefinition before = steps().submit();
    NewTask lost = samples.task().inQueue("other");
    assertThatThrownBy(() -> harness.storage().transact(tx -> {
          tx.submissions().create(List.of(samples.birth(lost, tx.now())));
          closeConnection(tx);
          return 1;
        }))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("cannot commit");

    TaskDefinition after = steps().submit(lost);

    assertThat(harness.storage().tasks().list(TaskFilter.ALL, 10))
        .extracting(view -> view.definition().id())
        .containsExactly(after.id(), before.id());
    assertThat(harness.storage().tasks().lanesAfter(0)).hasSize(2);
    assertThat(harness.storage().events().head().transaction()).isEqualTo(2);
  }

  private static Handle handle(StorageTx tx) {
    return ((DuckTx) tx).transaction().handle();
  }

  private static void closeConnection(StorageTx tx) {
    try {
      handle(tx).getConnection().close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void clock_isTheOneThatWasGiven() {
    harness.advance(Duration.ofNanos(1234));

    assertThat(harness.storage().<java.time.Instant>transact(tx -> tx.now()))
        .isEqualTo(harness.clock().instant().minusNanos(234));
  }
}
