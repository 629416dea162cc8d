package dev.holdfast.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;

class TestPostgresTest {

  @Test
  void newSchema_differs_each_time_and_is_dropped_with_close() throws Exception {
    TestDatabase one = TestPostgres.newSchema();
    try (TestDatabase two = TestPostgres.newSchema()) {
      assertThat(two.schema()).isNotEqualTo(one.schema());
      two.execute(
          "CREATE SCHEMA \"" + two.schema() + "\"; CREATE TABLE \"" + two.schema() + "\".x(y int)");
    }
    one.close();
    assertThat(number(one, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't%\\_%'"))
        .isZero();
  }

  @Test
  void durableServer_keeps_its_data_over_a_restart() throws Exception {
    try (DurableServer server = TestPostgres.newDurableServer()) {
      TestDatabase before = server.schema("public");
      before.execute("CREATE TABLE kept(x int); INSERT INTO kept VALUES (42)");
      server.stop();
      server.startAgain();
      TestDatabase after = server.schema("public");
      assertThat(after.url()).isEqualTo(before.url());
      assertThat(number(after, "SELECT x FROM public.kept")).isEqualTo(42);
      assertThat(text(after, "SHOW fsync")).isEqualTo("on");
    }
  }

  @Test
  void at_reads_both_forms_of_a_url() {
    Server plain = Server.at("postgres://me:secret@db:5433/app?sslmode=require");
    assertThat(plain.url()).isEqualTo("jdbc:postgresql://db:5433/app?sslmode=require");
    assertThat(plain.user()).isEqualTo("me");
    assertThat(plain.password()).isEqualTo("secret");

    Server jdbc = Server.at("jdbc:postgresql://db/app?user=me&password=p");
    assertThat(jdbc.url()).isEqualTo("jdbc:postgresql://db/app");
    assertThat(jdbc.user()).isEqualTo("me");
    assertThat(jdbc.password()).isEqualTo("p");
  }

  private static int number(TestDatabase database, String sql) throws Exception {
    return Integer.parseInt(text(database, sql));
  }

  private static String text(TestDatabase database, String sql) throws Exception {
    try (Connection connection = database.connect();
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
