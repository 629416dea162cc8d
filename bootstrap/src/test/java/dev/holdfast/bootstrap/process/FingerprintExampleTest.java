package dev.holdfast.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.Repository;
import dev.holdfast.bootstrap.handlers.process.Waiting;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.duckdb.DuckDbSettings;
import dev.holdfast.duckdb.DuckDbStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example on the sources of this project, and breaks it off in the middle. */
@Timeout(300)
class FingerprintExampleTest {

  private static final Path EXAMPLES = Repository.ROOT.resolve("examples");

  @TempDir
  private Path temporary;

  private Path folder;
  private Path sources;
  private Path starts;
  private Path script;

  @BeforeEach
  void copySources() throws IOException {
    folder = temporary.toRealPath();
    sources = Files.createDirectory(folder.resolve("sources"));
    starts = Files.createFile(folder.resolve("starts"));
    for (String module : List.of("domain", "application", "adapters-http", "bootstrap")) {
      copy(Repository.ROOT.resolve(module).resolve("src/main"), sources.resolve(module));
    }
    Files.writeString(
        sources.resolve("a \"quoted\" \\ näme.txt"), "no line feed, two  words\u00a0");
    Files.createFile(sources.resolve("empty"));
    script = folder.resolve("counting.sh");
    Files.writeString(
        script,
        "#!/bin/sh\nset -eu\nprintf '%s\\n' \"$1\" >>" + starts + "\nexec "
            + EXAMPLES.resolve("bin/fingerprint.sh") + " \"$1\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void the_report_is_right_and_a_kill_in_the_middle_changes_nothing() throws Exception {
    Path graph = graph();
    long files = expected().size();
    try (HoldfastProcess first = run(graph)) {
      Waiting.until(() -> started().size() >= files / 3 || !first.isAlive());
      first.kill();
    }
    Set<String> finished = finishedFiles();
    assertThat(finished).isNotEmpty().hasSizeLessThan((int) files);

    try (HoldfastProcess second = run(graph)) {
      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(second.out()).contains((files + 1) + " completed");
    }

    assertThat(report()).isEqualTo(expectedReport());
    Map<String, Long> counts = counts(started());
    assertThat(counts).hasSize((int) files);
    assertThat(finished).allSatisfy(file -> assertThat(counts).containsEntry(file, 1L));

    try (HoldfastProcess third = run(graph)) {
      assertThat(third.exitCode()).isZero();
      assertThat(third.out()).contains((files + 1) + " of them had completed before");
    }
    assertThat(counts(started())).isEqualTo(counts);
  }

  private HoldfastProcess run(Path graph) throws IOException {
    return HoldfastProcess.start(
        folder,
        Map.of(),
        "run",
        graph.toString(),
        "--worker-slots=4",
        "--allow-process",
        script + "," + EXAMPLES.resolve("bin/report.sh"));
  }

  private Path graph() throws Exception {
    Path graph = folder.resolve("graph.json");
    Process generator = new ProcessBuilder(
            EXAMPLES.resolve("fingerprint/graph.sh").toString(),
            sources.toString(),
            folder.resolve("report.txt").toString(),
            script.toString())
        .redirectOutput(graph.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    assertThat(generator.waitFor()).isZero();
    return graph;
  }

  /** What the storage has as completed, as the next run will find it. */
  private Set<String> finishedFiles() {
    var settings = DuckDbSettings.of(folder.resolve("holdfast-data/holdfast.duckdb"));
    try (DuckDbStorage storage = DuckDbStorage.open(settings, InstantSource.system())) {
      var completed = new TaskFilter(null, TaskState.COMPLETED, null, null, null, null, null);
      return storage.tasks().list(completed, 10_000).stream()
          .map(task -> storage.tasks().find(task.definition().id()).orElseThrow())
          .map(FingerprintExampleTest::file)
          .collect(Collectors.toSet());
    }
  }

  private static String file(TaskView task) {
    String payload = task.payload().text();
    String quoted = payload.substring(payload.indexOf("sh\",\"") + 5, payload.indexOf("\"]"));
    return quoted.replace("\\\"", "\"").replace("\\\\", "\\");
  }

  private List<String> started() throws IOException {
    return Files.readAllLines(starts);
  }

  private static Map<String, Long> counts(List<String> lines) {
    return lines.stream().collect(Collectors.groupingBy(line -> line, Collectors.counting()));
  }

  private List<String> report() throws IOException {
    return Files.readAllLines(folder.resolve("report.txt"));
  }

  private List<String> expectedReport() throws Exception {
    Map<String, Figures> expected = expected();
    List<String> lines = expected.entrySet().stream()
        .map(entry -> entry.getValue() + " " + quoted(entry.getKey()))
        .collect(Collectors.toList());
    lines.add(String.format(
        Locale.ROOT,
        "%d files, %d lines, %d words, %d bytes",
        expected.size(),
        expected.values().stream().mapToLong(Figures::lines).sum(),
        expected.values().stream().mapToLong(Figures::words).sum(),
        expected.values().stream().mapToLong(Figures::bytes).sum()));
    return lines;
  }

  private Map<String, Figures> expected() throws Exception {
    var expected = new TreeMap<String, Figures>();
    try (Stream<Path> paths = Files.walk(sources)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        expected.put(path.toString(), Figures.of(Files.readAllBytes(path)));
      }
    }
    return expected;
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private record Figures(String sha256, long lines, long words, long bytes) {

    static Figures of(byte[] content) throws Exception {
      String text = new String(content, StandardCharsets.ISO_8859_1);
      return new Figures(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
          text.chars().filter(c -> c == '\n').count(),
          new StringTokenizer(text, " \t\n\u000b\f\r").countTokens(),
          content.length);
    }

    @Override
    public String toString() {
      return sha256 + " " + lines + " " + words + " " + bytes;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
  }
}
