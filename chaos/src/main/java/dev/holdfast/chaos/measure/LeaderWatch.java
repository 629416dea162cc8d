package dev.holdfast.chaos.measure;

import dev.holdfast.chaos.machine.Await;
import dev.holdfast.chaos.stage.Stage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Looks for another leader often, on one connection. */
public final class LeaderWatch {

  private static final String OTHER = """
      SELECT s.node FROM chaos.lead l
        JOIN chaos.session s ON s.id = l.session AND s.ended_at IS NULL
       WHERE l.expires_at > clock_timestamp() AND s.node <> ?
      """;

  private LeaderWatch() {}

  /** Waits for a leader of another name; that name. */
  public static String awaitOther(Stage stage, String than, Duration patience) {
    String[] found = {""};
    try (Connection connection = stage.postgres().connect();
        PreparedStatement statement = connection.prepareStatement(OTHER)) {
      statement.setString(1, than);
      Await.until("another leader than " + than, patience, () -> {
        try (ResultSet set = statement.executeQuery()) {
          found[0] = set.next() ? set.getString(1) : "";
        }
        return !found[0].isEmpty();
      });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return found[0];
  }
}
