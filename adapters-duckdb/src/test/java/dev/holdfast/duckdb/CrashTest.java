package dev.holdfast.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.event.EventPosition;
import dev.holdfast.domain.event.EventType;
import dev.holdfast.domain.event.TaskEvent;
import dev.holdfast.domain.port.StorageInUse;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.harness.Samples;
import dev.holdfast.testkit.harness.Steps;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the process is killed, and when somebody touches its files. */
final class CrashTest {

  @TempDir
  private Path directory;

  private DuckDbSettings settings;
  private Path file;

  @BeforeEach
  void makeFile() {
    file = directory.resolve("holdfast.duckdb");
    settings = DuckDbSettings.of(file);
    new DuckDbMigrations(settings).up();
  }

  private DuckDbStorage open() {
    return DuckDbStorage.open(settings, InstantSource.system());
  }

  private Path beside(String suffix) {
    return directory.resolve("holdfast.duckdb" + suffix);
  }

  @Test
  void kill_losesNothingThatWasAcknowledged() {
    Random random = new Random(17);
    List<TaskId> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      try (Child child = Child.start(file, Child.Work.WRITE)) {
        acknowledged.addAll(child.acknowledged(30 + random.nextInt(400)));
        acknowledged.addAll(child.kill());
      }
    }

    try (DuckDbStorage storage = open()) {
      assertThat(storage.tasks().states(acknowledged)).containsOnlyKeys(acknowledged);
      assertThat(versions(storage))
          .allSatisfy((task, versions) -> assertThat(versions)
              .isEqualTo(IntStream.rangeClosed(1, versions.size()).boxed().toList()));
    }
  }

  /** The versions of every task's events in the order of the stream. */
  private static Map<TaskId, List<Integer>> versions(DuckDbStorage storage) {
    Map<TaskId, List<Integer>> versions = new HashMap<>();
    EventPosition position = storage.events().start();
    while (true) {
      EventPage page = storage.events().page(position, 1000);
      for (EventPage.Entry entry : page.entries()) {
        TaskEvent event = entry.event();
        versions.computeIfAbsent(event.task(), task -> new ArrayList<>()).add(event.version());
      }
      if (page.caughtUp()) {
        return versions;
      }
      position = page.next();
    }
  }

  @Test
  void kill_betweenCheckpointsAndOpeningsNeverRefusesTheNextStart() {
    Random random = new Random(23);
    List<TaskId> acknowledged = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      try (Child child = Child.start(file, Child.Work.REOPEN)) {
        acknowledged.addAll(child.acknowledged(10 + random.nextInt(60)));
        acknowledged.addAll(child.kill());
      }
      try (DuckDbStorage storage = open()) {
        assertThat(storage.tasks().states(acknowledged)).containsOnlyKeys(acknowledged);
      }
    }
  }

  @Test
  void open_tellsWhichProcessHasTheFile() {
    try (Child child = Child.start(file, Child.Work.WRITE)) {
      child.acknowledged(1);

      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              StorageInUse.class,
              inUse -> assertThat(inUse.holder()).isEqualTo("process " + child.pid()))
          .hasMessageContainingAll(file.toString(), DuckDbStorage.ONE_PROCESS, "PostgreSQL");
    }
  }

  @Test
  void open_succeedsAtOnceAfterAKill() {
    try (Child child = Child.start(file, Child.Work.WRITE)) {
      child.acknowledged(10);
      child.kill();

      try (DuckDbStorage storage = open()) {
        assertThat(storage.sessions().nodes()).hasSize(1);
      }
    }
  }

  @Test
  void open_refusesAFileWhoseLogIsMissing() throws IOException {
    try (Child child = Child.start(file, Child.Work.WRITE)) {
      child.acknowledged(30);
    }
    Files.delete(beside(".wal"));

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("holdfast.duckdb.wal is missing", "delete holdfast.duckdb.mark");
    // Trying did not change the answer, deleting the mark does.
    assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
    Files.delete(beside(".mark"));
    open().close();
  }

  @Test
  void open_cutsATornTailOfTheLog() throws IOException {
    List<TaskId> acknowledged = new ArrayList<>();
    try (Child child = Child.start(file, Child.Work.WRITE)) {
      acknowledged.addAll(child.acknowledged(100));
      acknowledged.addAll(child.kill());
    }
    try (FileChannel log = FileChannel.open(beside(".wal"), StandardOpenOption.WRITE)) {
      log.truncate(log.size() - 3);
    }

    try (DuckDbStorage storage = open()) {
      List<TaskId> allButTheLast = acknowledged.subList(0, acknowledged.size() - 20);
      assertThat(storage.tasks().states(acknowledged))
          .containsKeys(allButTheLast.toArray(TaskId[]::new));
    }
  }

  @Test
  void open_refusesAnOlderCopyUntilTheMarkIsDeleted() throws IOException {
    EventPosition seen;
    try (DuckDbStorage storage = open()) {
      new Steps(storage, new Samples(1)).submit();
    }
    Path copy = directory.resolve("copy");
    Files.copy(file, copy);
    try (DuckDbStorage storage = open()) {
      new Steps(storage, new Samples(2)).submit();
      seen = storage.events().head();
    }
    Files.delete(file);
    assertThatThrownBy(this::open).hasMessageContaining("it is missing");
    Files.copy(copy, file);

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("went back from transaction 2 to 1");
    Files.delete(beside(".mark"));
    try (DuckDbStorage storage = open()) {
      assertThat(storage.events().isKept(seen)).isFalse();
      assertThat(storage.events().page(storage.events().start(), 10).entries())
          .extracting(entry -> entry.event().type())
          .containsExactly(EventType.CREATED);
    }
  }

  @Test
  void open_refusesADamagedMark() throws IOException {
    Files.writeString(beside(".mark"), "holdfast-mark 1 7");

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holdfast.duckdb.mark is damaged");
  }

  @Test
  void open_refusesAFileThatIsNoDatabase() throws IOException {
    Files.writeString(file, "not a database, but long enough to look like something".repeat(100));

    assertThatThrownBy(this::open)
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("cannot open " + file);
  }
}
