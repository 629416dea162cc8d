package dev.holdfast.bootstrap;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources of the whole project are. */
public final class Repository {

  /** The folder with the parent POM. */
  public static final Path ROOT = find(Path.of("").toAbsolutePath());

  private Repository() {}

  private static Path find(Path folder) {
    return Files.exists(folder.resolve("holdfast")) && Files.exists(folder.resolve("mvnw"))
        ? folder
        : find(folder.getParent());
  }
}
