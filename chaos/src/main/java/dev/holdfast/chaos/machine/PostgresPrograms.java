package dev.holdfast.chaos.machine;

import dev.holdfast.testkit.postgres.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of an installed PostgreSQL, run by a user whom they accept: they refuse root.
 *
 * @param folder with {@code initdb}, {@code pg_ctl}, {@code postgres}
 */
public record PostgresPrograms(Path folder) {

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));
  private static final List<String> USERS = List.of("postgres", "nobody");

  /**
   * The newest that is installed, else those that tests embed; the property {@code chaos.postgres}
   * set to {@code embedded} asks for the latter. Empty when there is no user to run them.
   */
  public static Optional<PostgresPrograms> find() {
    if (IS_ROOT && user().isEmpty()) {
      return Optional.empty();
    }
    boolean isEmbedded = "embedded".equals(System.getProperty("chaos.postgres"));
    Optional<PostgresPrograms> installed = isEmbedded ? Optional.empty() : newest(DEBIAN);
    return installed.isPresent() ? installed : embedded();
  }

  private static Optional<PostgresPrograms> embedded() {
    // Its first start unpacks it.
    TestPostgres.newDurableServer().close();
    return newest(Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"));
  }

  private static Optional<PostgresPrograms> newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(folder)) {
      return versions
          .filter(one -> Files.isExecutable(one.resolve("bin/initdb")))
          .max(Comparator.comparing(Path::toString))
          .map(one -> new PostgresPrograms(one.resolve("bin")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whom they accept in root's place. */
  private static Optional<String> user() {
    return USERS.stream().filter(one -> Shell.succeeds("id", one)).findFirst();
  }

  /** Whether there is a program of this name: not all distributions have all. */
  public boolean has(String program) {
    return Files.isExecutable(folder.resolve(program));
  }

  /** Runs one to its end. */
  public String run(String program, String... arguments) {
    List<String> command = new ArrayList<>(asPostgres());
    command.add(folder.resolve(program).toString());
    command.addAll(List.of(arguments));
    return Shell.run(command);
  }

  /** Gives a folder to the user who runs the programs. */
  public void own(Path path) {
    if (IS_ROOT) {
      Shell.run(List.of("chown", "-R", user().orElseThrow(), path.toString()));
    }
  }

  private static List<String> asPostgres() {
    return IS_ROOT
        ? List.of("setpriv", "--reuid=" + user().orElseThrow(), "--clear-groups")
        : List.of();
  }
}
