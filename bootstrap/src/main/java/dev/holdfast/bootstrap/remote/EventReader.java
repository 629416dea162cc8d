package dev.holdfast.bootstrap.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from a stream. Belongs to one thread, but any other may close it: the
 * reading one is then at the end.
 */
public final class EventReader implements AutoCloseable {

  private final InputStream stream;
  private final BufferedReader reader;

  /** Reads from this stream, and closes it in the end. */
  public EventReader(InputStream stream) {
    this.stream = stream;
    this.reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  /** One event; {@code id} is where to resume. */
  public record Received(String id, String data) {}

  /** The next event; null at the end of the stream. Comments are skipped. */
  public @Nullable Received next() throws IOException {
    String id = "";
    StringBuilder data = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith("id:")) {
        id = line.substring(3).strip();
      } else if (line.startsWith("data:")) {
        data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).strip());
      } else if (line.isEmpty() && !data.isEmpty()) {
        return new Received(id, data.toString());
      }
    }
    return null;
  }

  /** Closes the stream itself: the reader's own lock belongs to whoever waits for a line. */
  @Override
  public void close() throws IOException {
    stream.close();
  }
}
