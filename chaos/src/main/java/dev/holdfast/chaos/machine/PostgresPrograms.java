package dev.holdfast.chaos.machine;

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

  /** The newest installed one; empty when the machine has none. */
  public static Optional<PostgresPrograms> find() {
    if (!Files.isDirectory(DEBIAN) || (IS_ROOT && !Shell.succeeds("id", "postgres"))) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .filter(one -> Files.isExecutable(one.resolve("bin/initdb")))
          .max(Comparator.comparing(one -> one.getFileName().toString()))
          .map(one -> new PostgresPrograms(one.resolve("bin")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      Shell.run(List.of("chown", "-R", "postgres:postgres", path.toString()));
    }
  }

  private static List<String> asPostgres() {
    return IS_ROOT
        ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        : List.of();
  }
}
