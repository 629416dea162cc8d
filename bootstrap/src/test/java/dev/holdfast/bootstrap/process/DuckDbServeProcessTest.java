package dev.holdfast.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbServeProcessTest extends ServeProcessContract {

  @TempDir
  private Path data;

  @Override
  Map<String, String> storage() {
    return Map.of("HOLDFAST_DUCKDB_FILE", data.resolve("tasks.duckdb").toString());
  }

  @Override
  String[] holder(HoldfastProcess first) {
    return new String[] {"tasks.duckdb", "process "};
  }

  @Test
  void a_bad_configuration_is_reported_as_a_whole() throws Exception {
    var environment = Map.of("HOLDFAST_HTTP_PORT", "x", "HOLDFAST_STOARGE", "y");

    HoldfastProcess process =
        HoldfastProcess.start(data, environment, "serve", "--worker-slots=-1");

    assertThat(process.exitCode()).isEqualTo(2);
    assertThat(process.err())
        .contains("3 problems", "HOLDFAST_HTTP_PORT", "--worker-slots")
        .contains("did you mean HOLDFAST_STORAGE?")
        .doesNotContain("\tat ");
  }
}
