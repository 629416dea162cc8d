package dev.holdfast.bootstrap.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

  @TempDir
  private Path folder;

  @Test
  void name_is_what_the_driver_has() {
    assertThat(NativeLibrary.name("Mac OS X", "aarch64"))
        .isEqualTo("libduckdb_java.so_osx_universal");
    assertThat(NativeLibrary.name("Linux", "aarch64")).isEqualTo("libduckdb_java.so_linux_arm64");
    assertThat(NativeLibrary.name("Linux", "amd64")).isEqualTo("libduckdb_java.so_linux_amd64");
    String here = NativeLibrary.name(System.getProperty("os.name"), System.getProperty("os.arch"));
    assertThat(DuckDBDriver.class.getResource("/" + here)).isNotNull();
  }

  @Test
  void unpack_copies_a_resource_once() throws IOException {
    NativeLibrary.unpack("no/such/resource", folder);
    String name = NativeLibrary.name(System.getProperty("os.name"), System.getProperty("os.arch"));

    NativeLibrary.unpack(name, folder);
    NativeLibrary.unpack(name, folder);

    assertThat(folder.resolve(name)).isNotEmptyFile();
    try (var files = Files.list(folder)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactly(folder.resolve(name));
    }
  }
}
