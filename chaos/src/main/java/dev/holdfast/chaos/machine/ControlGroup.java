package dev.holdfast.chaos.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A control group (version 1) of our own that holds one of our processes. */
public final class ControlGroup implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path folder;

  private ControlGroup(Path folder) {
    this.folder = folder;
  }

  /**
   * Puts a process into a new group.
   *
   * @param controller {@code freezer} or {@code cpu}
   * @throws Skipped if the machine has no such groups, or lets nobody make one
   */
  public static ControlGroup of(String controller, NodeProcess process) {
    Path folder = ROOT.resolve(controller).resolve("holdfast-chaos-" + process.pid());
    try {
      Files.createDirectory(folder);
      ControlGroup group = new ControlGroup(folder);
      group.set("cgroup.procs", Long.toString(process.pid()));
      return group;
    } catch (IOException e) {
      throw new Skipped("no control groups of the kind " + controller + ": " + e);
    }
  }

  /** Writes one of its files. */
  public void set(String file, String value) throws IOException {
    Files.writeString(folder.resolve(file), value);
  }

  /** Removes it, once its process has ended. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder);
  }
}
