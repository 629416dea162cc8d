package dev.holdfast.bootstrap.cli.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.duckdb.DuckDBDriver;

/**
 * DuckDB's native library. Its driver looks for it beside its own jar first; only when it is not
 * there, it unpacks tens of megabytes into a temporary file, at every start.
 */
final class NativeLibrary {

  private NativeLibrary() {}

  /** Puts the library of this machine beside the driver's jar, if the driver is one. */
  static void unpackBesideJar() throws IOException {
    Path jar = jar();
    Path folder = jar.resolveSibling("");
    if (Files.isRegularFile(jar) && Files.isWritable(folder)) {
      unpack(name(System.getProperty("os.name"), System.getProperty("os.arch")), folder);
    }
  }

  /** Copies a resource of the driver into a folder, unless either is missing or it is there. */
  static void unpack(String name, Path folder) throws IOException {
    Path target = folder.resolve(name);
    try (InputStream library = DuckDBDriver.class.getResourceAsStream("/" + name)) {
      if (library != null && !Files.exists(target)) {
        Path draft = Files.createTempFile(folder, name, ".new");
        Files.copy(library, draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** The driver's name for the library of a machine. */
  static String name(String system, String processor) {
    if (system.toLowerCase(Locale.ROOT).contains("mac")) {
      return "libduckdb_java.so_osx_universal";
    }
    boolean arm = processor.equals("aarch64") || processor.equals("arm64");
    return "libduckdb_java.so_linux_" + (arm ? "arm64" : "amd64");
  }

  private static Path jar() throws IOException {
    try {
      return Path.of(
          DuckDBDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
