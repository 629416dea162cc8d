package dev.holdfast.bootstrap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.Repository;
import dev.holdfast.testkit.Contracts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage adapter that does not answer to every contract is not done. */
class ContractsTest {

  @ParameterizedTest
  @ValueSource(strings = {"adapters-postgres", "adapters-duckdb", "testkit"})
  void each_storage_is_tested_by_every_contract(String module) throws IOException {
    String tests = sources(Repository.ROOT.resolve(module).resolve("src/test/java"));

    List<String> missing = Contracts.ALL.stream()
        .map(Class::getSimpleName)
        .filter(contract -> !tests.contains(" extends " + contract + " "))
        .sorted()
        .toList();

    assertThat(Contracts.ALL).isNotEmpty();
    assertThat(missing).as("contracts without a test in %s", module).isEmpty();
  }

  private static String sources(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .map(ContractsTest::read)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
