package dev.holdfast.postgres.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/**
 * One version of the schema: the script that leads to it and the one that leads back.
 *
 * @param version counts from 1
 * @param name of the script that leads to it
 */
public record Script(int version, String name) {

  /** Where the scripts are. */
  static final String FOLDER = "db/migration/postgres";

  /** Every version, in order. */
  public static final List<Script> ALL = List.of(
      new Script(1, "V1__tasks.sql"),
      new Script(2, "V2__cluster.sql"),
      new Script(3, "V3__steps.sql"),
      new Script(4, "V4__partitions.sql"),
      new Script(5, "V5__lanes_of_places.sql"));

  /** What it brings, in words. */
  public String description() {
    return name.substring(name.indexOf("__") + 2, name.length() - ".sql".length())
        .replace('_', ' ');
  }

  /** The statements that lead to it. */
  public String up() {
    return read(name);
  }

  /** The statements that lead back. */
  public String down() {
    return read("U" + name.substring(1));
  }

  /** As Flyway computes it: over the lines, without what ends them. */
  public int checksum() {
    CRC32 sum = new CRC32();
    up().lines().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
    return (int) sum.getValue();
  }

  private static String read(String name) {
    String path = FOLDER + "/" + name;
    try (InputStream in = Script.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
