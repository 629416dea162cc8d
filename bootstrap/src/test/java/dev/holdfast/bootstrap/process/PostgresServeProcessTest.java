package dev.holdfast.bootstrap.process;

import dev.holdfast.testkit.postgres.TestDatabase;
import dev.holdfast.testkit.postgres.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class PostgresServeProcessTest extends ServeProcessContract {

  private final TestDatabase database = TestPostgres.newSchema();

  @AfterEach
  void drop() {
    database.close();
  }

  @Override
  Map<String, String> storage() {
    return Map.of(
        "HOLDFAST_STORAGE", "postgres",
        "HOLDFAST_POSTGRES_URL", database.url(),
        "HOLDFAST_POSTGRES_USER", database.user(),
        "HOLDFAST_POSTGRES_PASSWORD", database.password(),
        "HOLDFAST_POSTGRES_SCHEMA", database.schema());
  }

  @Override
  String[] holder(HoldfastProcess first) {
    return new String[] {"the-node", "enable cluster mode"};
  }
}
