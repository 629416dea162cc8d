package dev.holdfast.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.handlers.process.Waiting;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
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
  void a_port_that_is_taken_is_said_so() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HoldfastProcess process =
          HoldfastProcess.start(data, storage(), "serve", "--http-port", "" + taken.getLocalPort());

      assertThat(process.exitCode()).isEqualTo(5);
      assertThat(process.err())
          .contains("cannot listen", "port " + taken.getLocalPort())
          .doesNotContain("      at ");
    }
  }

  @Test
  void a_run_that_is_terminated_says_how_to_go_on() throws Exception {
    Path graph = Files.writeString(data.resolve("g.ndjson"), """
        {"type":"echo"}
        {"type":"sleep","payload":{"millis":1000}}
        {"type":"sleep","payload":{"millis":60000}}
        """);
    String[] command = {"run", graph.toString(), "--stop-grace", "PT0S", "--log-level", "info"};
    try (HoldfastProcess process = HoldfastProcess.start(data, storage(), command)) {
      Waiting.until(() -> process.err().contains("node started"));

      process.terminate();

      assertThat(process.exitCode()).as(process.err()).isEqualTo(143);
      assertThat(process.err()).contains("the same command goes on where it was");
    }
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
