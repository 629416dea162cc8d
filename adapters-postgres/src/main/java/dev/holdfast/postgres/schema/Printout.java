package dev.holdfast.postgres.schema;

import java.util.List;

/** The statements that Flyway would run, for people who run them by themselves. */
public final class Printout {

  private Printout() {}

  /**
   * Everything that leads to the newest version; empty when nothing is missing.
   *
   * @param schema a checked identifier
   */
  public static String of(String schema, List<Script> missing) {
    if (missing.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("BEGIN;\n").append(head(schema));
    for (Script script : missing) {
      text.append("\n-- ").append(script.name()).append("\n\n").append(script.up());
      text.append('\n').append(entry(script));
    }
    return text.append("COMMIT;\n").toString();
  }

  private static String head(String schema) {
    return """
      CREATE SCHEMA IF NOT EXISTS "%1$s";
      SET search_path = "%1$s";
      CREATE TABLE IF NOT EXISTS schema_history(
        installed_rank int NOT NULL CONSTRAINT schema_history_pk PRIMARY KEY,
        version        varchar(50),
        description    varchar(200) NOT NULL,
        type           varchar(20) NOT NULL,
        script         varchar(1000) NOT NULL,
        checksum       int,
        installed_by   varchar(100) NOT NULL,
        installed_on   timestamp NOT NULL DEFAULT now(),
        execution_time int NOT NULL,
        success        bool NOT NULL
      );
      CREATE INDEX IF NOT EXISTS schema_history_s_idx ON schema_history(success);
      """.formatted(schema);
  }

  private static String entry(Script script) {
    return """
      INSERT INTO schema_history(installed_rank, version, description, type, script, checksum,
             installed_by, execution_time, success)
      SELECT coalesce(max(installed_rank), 0) + 1, '%d', '%s', 'SQL', '%s', %d,
             current_user, 0, true
        FROM schema_history;
      """.formatted(script.version(), script.description(), script.name(), script.checksum());
  }
}
