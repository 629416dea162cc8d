package dev.holdfast.bootstrap.handlers.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs that {@code process} tasks may run. Names are resolved once; whatever is put on the
 * PATH later changes nothing. Safe for concurrent use.
 */
public final class Programs {

  private final List<Program> programs;

  private Programs(List<Program> programs) {
    this.programs = List.copyOf(programs);
  }

  /**
   * Resolves what an operator allows; entries with {@link #faults} are left out.
   *
   * @param entries bare names or absolute paths
   * @param path folders for bare names, as in the environment variable PATH
   */
  public static Programs resolve(List<String> entries, String path) {
    return new Programs(
        entries.stream().flatMap(entry -> resolve(entry, path).stream()).toList());
  }

  /** What is wrong with entries, one sentence each. */
  public static List<String> faults(List<String> entries, String path) {
    var faults = new ArrayList<String>();
    for (String entry : entries) {
      if (resolve(entry, path).isEmpty()) {
        String quoted = '"' + entry.replaceAll("\\p{Cntrl}", "?") + '"';
        faults.add(
            isBare(entry)
                ? quoted + " is no program on the PATH"
                : quoted + " is no executable file; allowed are bare names and absolute paths");
      }
    }
    return faults;
  }

  /**
   * The file to run for the first word of a command; empty when it is not allowed.
   *
   * <p>A path is compared by the file that it really is, and by name: several programs may be links
   * to one file that looks at the name it was called by.
   */
  Optional<Path> find(String word) {
    if (isBare(word)) {
      return programs.stream()
          .filter(program -> program.entry().equals(word))
          .map(Program::start)
          .findFirst();
    }
    return executable(word)
        .flatMap(real -> programs.stream()
            .filter(program -> program.real().equals(real) && program.isNamed(Path.of(word)))
            .map(Program::start)
            .findFirst());
  }

  private static Optional<Program> resolve(String entry, String path) {
    Stream<String> candidates = isBare(entry)
        ? Stream.of(path.split(File.pathSeparator, -1)).map(folder -> folder + "/" + entry)
        : Stream.of(entry);
    return candidates
        .flatMap(candidate -> executable(candidate).stream()
            .map(real -> new Program(entry, Path.of(candidate).normalize(), real)))
        .findFirst();
  }

  /** The real path of an executable file that is named absolutely. */
  private static Optional<Path> executable(String text) {
    try {
      Path path = Path.of(text);
      if (!path.isAbsolute() || !Files.isRegularFile(path) || !Files.isExecutable(path)) {
        return Optional.empty();
      }
      return Optional.of(path.toRealPath());
    } catch (InvalidPathException | IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isBare(String word) {
    return word.indexOf('/') < 0 && word.indexOf(File.separatorChar) < 0;
  }

  /**
   * One program.
   *
   * @param start the path it is started by, so that it sees the name it was allowed under
   * @param real the file behind all links when it was resolved
   */
  private record Program(String entry, Path start, Path real) {

    boolean isNamed(Path path) {
      Path name = path.getFileName();
      return start.endsWith(name) || real.endsWith(name);
    }
  }
}
