package dev.holdfast.postgres.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.domain.port.node.NodeLoad;
import dev.holdfast.domain.port.node.NodeStart;
import dev.holdfast.domain.port.node.Sessions.Opening.Opened;
import dev.holdfast.domain.port.node.Sessions.Pulse;
import dev.holdfast.domain.port.node.Signals.Signal;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.SessionId;
import dev.holdfast.postgres.contract.PostgresHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connection whose end tells that a process is gone. */
@Timeout(60)
final class MarkOfLifeTest {

  private static final NodeLoad LOAD = new NodeLoad(0, false);

  private final PostgresHarness harness = new PostgresHarness();
  private final Storage observer = harness.storage();
  private final Storage process = harness.another();
  private final Semaphore asked = new Semaphore(0);
  private final SessionId session = open();

  @AfterEach
  void close() {
    harness.close();
  }

  /** A time to live that is shorter than the server is up: absence counts. */
  private SessionId open() {
    SessionId opened = open(process, "a");
    process.coordination().signals().listen(signal -> {
      if (signal == Signal.CANCEL) {
        asked.release();
      }
    });
    return opened;
  }

  private static SessionId open(Storage on, String node) {
    NodeStart start = new NodeStart(
        new NodeId(node),
        "",
        Map.of(),
        Set.of(),
        1,
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        NodeStart.Mode.MEMBER);
    return ((Opened) on.sessions().open(start)).session();
  }

  private void beatWhenAsked() throws InterruptedException {
    assertThat(asked.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.sessions().beat(session, LOAD, null)).isInstanceOf(Pulse.Alive.class);
  }

  @Test
  void a_session_without_a_mark_is_judged_by_its_heartbeat_alone() {
    assertThat(observer.sessions().vanished()).isEmpty();
    assertThat(observer.sessions().endVanished(session)).isFalse();
  }

  @Test
  void a_process_that_is_gone_is_found_at_once_and_its_session_ends_once() throws Exception {
    beatWhenAsked();
    assertThat(observer.sessions().vanished()).isEmpty();

    process.close();

    while (observer.sessions().vanished().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(observer.sessions().vanished()).containsExactly(session);
    assertThat(observer.sessions().endVanished(session)).isTrue();
    assertThat(observer.sessions().endVanished(session)).isFalse();
    assertThat(observer.sessions().beat(session, LOAD, null)).isEqualTo(new Pulse.Over());
  }

  @Test
  void a_heartbeat_of_another_sees_that_a_process_is_gone() throws Exception {
    beatWhenAsked();
    SessionId other = open(observer, "b");
    assertThat(seenVanished(other)).isEmpty();

    process.close();

    while (seenVanished(other).isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(seenVanished(other)).containsExactly(session);
  }

  private List<SessionId> seenVanished(SessionId by) {
    return ((Pulse.Alive) observer.sessions().beat(by, LOAD, null)).outlook().vanished();
  }

  @Test
  void a_connection_that_is_ended_is_noticed_and_the_next_heartbeat_has_a_new_mark()
      throws Exception {
    beatWhenAsked();
    int before = marked();

    terminate(before);
    beatWhenAsked();

    assertThat(marked()).isNotEqualTo(before);
    assertThat(observer.sessions().vanished()).isEmpty();
    assertThat(observer.sessions().endVanished(session)).isFalse();
  }

  @Test
  void absence_does_not_count_right_after_a_start_of_the_server() throws Exception {
    beatWhenAsked();
    harness.database().execute("UPDATE session SET ttl = interval '1 year'");
    process.close();
    while (isConnected()) {
      Thread.onSpinWait();
    }

    assertThat(observer.sessions().vanished()).isEmpty();
  }

  private boolean isConnected() throws SQLException {
    return number("""
        SELECT count(*) FROM pg_stat_activity
         WHERE pid = (SELECT backend_pid FROM session WHERE ended_at IS NULL)""") > 0;
  }

  private int marked() throws SQLException {
    return number("SELECT backend_pid FROM session WHERE ended_at IS NULL");
  }

  private void terminate(int pid) {
    harness.database().execute("SELECT pg_terminate_backend(" + pid + ")");
  }

  private int number(String question) throws SQLException {
    try (var connection = harness.database().connect();
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = \"" + harness.database().schema() + "\"");
      try (var rows = statement.executeQuery(question)) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}
