package dev.holdfast.bootstrap.run;

import dev.holdfast.domain.task.NewTask;
import dev.holdfast.http.json.Fault;
import dev.holdfast.http.task.NewTaskDocument;
import dev.holdfast.http.task.NewTasks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A file with a graph of tasks.
 *
 * @param digest SHA-256 of its bytes, in lower-case hexadecimal digits
 */
public record GraphFile(List<NewTask> tasks, String digest) {

  private static final Pattern BATCH = Pattern.compile("\\s*\\{\\s*\"tasks\"[\\s\\S]*");
  private static final Pattern LINES = Pattern.compile("\\s*\\{[^\\n]*}[ \\t\\r]*(\\n[\\s\\S]*)?");
  private static final int BEGINNING = 64 * 1024;

  public GraphFile {
    tasks = List.copyOf(tasks);
    Objects.requireNonNull(digest, "digest");
  }

  /**
   * Reads what the batch route takes: {@code {"tasks": […]}}, or one task a line.
   *
   * @param name of the file; {@code .ndjson} and {@code .jsonl} mean lines
   * @throws DocumentInvalid with all faults
   */
  public static GraphFile read(String name, byte[] content) {
    NewTasks read = isLines(name, content)
        ? NewTaskDocument.lines(content, Integer.MAX_VALUE)
        : NewTaskDocument.batch(content, Integer.MAX_VALUE);
    return switch (read) {
      case NewTasks.Read good -> new GraphFile(good.tasks(), sha256(content));
      case NewTasks.Faulty bad -> throw invalid(name, bad.faults());
      case NewTasks.TooLarge large -> throw invalid(name, large.faults());
    };
  }

  /** Whether a document is one task a line; by its name, or by its beginning. */
  public static boolean isLines(String name, byte[] content) {
    if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
      return true;
    }
    int length = Math.min(content.length, BEGINNING);
    String beginning = new String(content, 0, length, StandardCharsets.UTF_8);
    return !BATCH.matcher(beginning).matches() && LINES.matcher(beginning).matches();
  }

  private static DocumentInvalid invalid(String name, List<Fault> faults) {
    return new DocumentInvalid(
        name + " is no document of tasks:",
        faults.stream().map(fault -> fault.pointer() + " " + fault.detail()).toList());
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
