package dev.holdfast.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {

  private final TestDatabase place = TestPostgres.newSchema();
  private final Database database = new Database(
      new EngineDataSource(place.url(), place.user(), place.password(), place.schema(), 30));

  @BeforeEach
  void create() {
    place.execute("CREATE SCHEMA " + place.schema());
    place.execute("CREATE TABLE box(id int PRIMARY KEY, n int NOT NULL CHECK (n < 100))");
    place.execute("INSERT INTO box VALUES (1, 0), (2, 0)");
  }

  @AfterEach
  void drop() {
    place.close();
  }

  @Test
  void transact_runs_the_victim_of_a_deadlock_again() throws Exception {
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    AtomicInteger runs = new AtomicInteger();

    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var up = pool.submit(() -> addInOrder(1, 2, bothHoldOne, runs));
      var down = pool.submit(() -> addInOrder(2, 1, bothHoldOne, runs));
      up.get();
      down.get();
    }

    assertThat(runs.get()).as("one victim, seldom both").isBetween(3, 4);
    assertThat(number("SELECT sum(n) FROM box")).isEqualTo(4);
  }

  private int addInOrder(int first, int second, CyclicBarrier barrier, AtomicInteger runs) {
    return database.transact(handle -> {
      int run = runs.incrementAndGet();
      add(handle, first);
      if (run <= 2) {
        await(barrier::await);
      }
      return add(handle, second);
    });
  }

  private static int add(Handle handle, int id) {
    return handle.execute("UPDATE box SET n = n + 1 WHERE id = " + id);
  }

  @Test
  void transact_rolls_back_what_its_work_did_before_it_threw() {
    assertThatThrownBy(() -> database.transact(handle -> {
          add(handle, 1);
          throw new IllegalArgumentException("mine");
        }))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(number("SELECT sum(n) FROM box")).isZero();
  }

  @Test
  void transact_says_rejected_for_data_that_the_schema_refuses() {
    AtomicInteger runs = new AtomicInteger();

    assertThatThrownBy(() -> database.transact(handle -> {
          runs.incrementAndGet();
          return handle.execute("UPDATE box SET n = 100");
        }))
        .isInstanceOf(StorageRejected.class)
        .hasMessageContaining("box_n_check");

    assertThat(runs).hasValue(1);
  }

  @Test
  void transact_passes_on_a_bug() {
    assertThatThrownBy(() -> database.transact(handle -> handle.execute("SELECT * FROM nowhere")))
        .isNotInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void transact_gives_up_on_a_lock_that_never_comes() {
    AtomicInteger runs = new AtomicInteger();
    try (Handle holder = openHolder()) {
      assertThatThrownBy(() -> database.transact(handle -> {
            runs.incrementAndGet();
            handle.execute("SET LOCAL lock_timeout = '10ms'");
            return add(handle, 1);
          }))
          .isInstanceOf(StorageUnavailable.class)
          .hasMessageContaining("lock timeout");
      holder.rollback();
    }

    assertThat(runs.get()).isBetween(2, 20);
  }

  private Handle openHolder() {
    Handle holder = org.jdbi.v3.core.Jdbi.open(place.url(), place.user(), place.password());
    holder.begin();
    holder.execute("SET LOCAL search_path = " + place.schema());
    add(holder, 1);
    return holder;
  }

  @Test
  void snapshot_sees_one_state_and_writes_nothing() {
    int before = database.snapshot(handle -> {
      int first = count(handle);
      place.execute("INSERT INTO box VALUES (3, 0)");
      assertThat(count(handle)).isEqualTo(first);
      return first;
    });

    assertThat(number("SELECT count(*) FROM box")).isEqualTo(before + 1);
    assertThatThrownBy(() -> database.snapshot(handle -> add(handle, 1)))
        .isInstanceOf(StorageUnavailable.class)
        .hasMessageContaining("read-only");
  }

  @Test
  void connections_have_the_limits_of_the_engine() {
    assertThat(text("SHOW jit")).isEqualTo("off");
    assertThat(text("SHOW lock_timeout")).isEqualTo("5s");
    assertThat(text("SHOW statement_timeout")).isEqualTo("30s");
    assertThat(text("SHOW idle_in_transaction_session_timeout")).isEqualTo("3s");
    assertThat(text("SHOW TimeZone")).isEqualTo("UTC");
    assertThat(text("SHOW synchronous_commit")).isEqualTo("on");
    assertThat(text("SHOW search_path")).isEqualTo('"' + place.schema() + "\", pg_temp");
    assertThat(text("SHOW enable_seqscan")).isEqualTo("off");
  }

  private static int count(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM box").mapTo(Integer.class).one();
  }

  private int number(String sql) {
    return database.single(
        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  private String text(String sql) {
    return database.single(handle -> handle.createQuery(sql).mapTo(String.class).one());
  }

  private static void await(Callable<?> wait) {
    try {
      wait.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
