package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.ClaimAnswer.Claimed;
import dev.holdfast.domain.port.tx.ClaimRequest;
import dev.holdfast.domain.port.tx.Completion;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Outcome;
import dev.holdfast.domain.task.RunPolicy;
import dev.holdfast.domain.task.TaskAddress;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.domain.value.TypeName;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SmokeTest {

  @Test
  void way_of_a_task() {
    try (TestDatabase database = TestPostgres.newSchema();
        PostgresStorage storage = PostgresStorage.open(
            PostgresSettings.of(database.url(), database.user(), database.password())
                .inSchema(database.schema()))) {
      TaskId id = new TaskId(UUID.randomUUID());
      storage.transact(tx -> {
        TaskDefinition task = task(id, tx);
        tx.submissions()
            .create(
                List.of(new Birth(task, Json.EMPTY_OBJECT, Lifecycle.born(task, 0, Marks.NONE))));
        return true;
      });
      var view = storage.tasks().find(id).orElseThrow();
      assertThat(view.state()).isEqualTo(TaskState.PENDING);
      assertThat(view.queuePosition()).isEqualTo(1);
      Opened session = (Opened) storage
          .sessions()
          .open(new NodeStart(
              new NodeId("a"),
              "",
              Map.of("x", "y"),
              Set.of(new TypeName("echo")),
              3,
              Duration.ofSeconds(10),
              true));
      var lanes = storage.tasks().lanesAfter(0);
      Claimed claimed = (Claimed) storage.transact(
          tx -> tx.runs().claim(new ClaimRequest(session.session(), 1, lanes, 10)));
      assertThat(claimed.assignments()).hasSize(1);
      assertThat(storage.tasks().stats().queues()).hasSize(1);
      assertThat(storage.sessions().nodes()).hasSize(1);
      storage.sessions().beat(session.session(), new NodeLoad(2, false));
      var done = storage.transact(tx -> tx.runs()
          .complete(List.of(new Completion(
              claimed.assignments().get(0).held().run().key(),
              new Outcome.Completed(Json.NULL, claimed.at(), tx.now())))));
      assertThat(done).hasSize(1);
      assertThat(storage.tasks().find(id).orElseThrow().state()).isEqualTo(TaskState.COMPLETED);
      assertThat(storage.tasks().list(TaskFilter.ALL, 10)).hasSize(1);
      assertThat(storage.events().ofTask(id, 0, 10)).hasSize(4);
      var page = storage.events().page(storage.events().start(), 10);
      assertThat(page.entries()).hasSize(4);
      assertThat(page.caughtUp()).isTrue();
      storage.sessions().end(session.session());
      assertThat(storage.upkeep().rollUpCounts()).isZero();
    }
  }

  private static TaskDefinition task(TaskId id, StorageTx tx) {
    return new TaskDefinition(
        id,
        TaskAddress.of("echo"),
        5,
        RunPolicy.DEFAULT,
        Constraints.NONE,
        TaskDefinition.Identity.NONE,
        tx.now(),
        null);
  }
}
