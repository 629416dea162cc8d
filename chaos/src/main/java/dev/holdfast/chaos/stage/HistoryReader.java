package dev.holdfast.chaos.stage;

import dev.holdfast.chaos.machine.Postgres;
import dev.holdfast.chaos.trace.History;
import dev.holdfast.chaos.trace.SeenEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Collects what happened once all is quiet. */
final class HistoryReader {

  private HistoryReader() {}

  static History read(
      Postgres postgres, Submitter client, NodeLines lines, Follower follower, List<Long> heals) {
    List<SeenEvent> events = follower.readAll();
    try (Connection connection = postgres.connect()) {
      return new History(
          client.log(),
          lines.all(),
          Evidence.tasks(connection),
          events,
          follower.seen(events.size()),
          Evidence.runs(connection),
          Evidence.claims(connection),
          LeadHistory.read(connection),
          heals);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
