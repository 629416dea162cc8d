package dev.holdfast.http.stream;

import dev.holdfast.domain.port.read.EventPage;
import dev.holdfast.http.render.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes events as {@code text/event-stream}. Belongs to one thread. */
final class SseWriter {

  private final OutputStream out;

  SseWriter(OutputStream out) {
    this.out = out;
  }

  /** An event, with the position behind it as its id. Not flushed. */
  void event(EventPage.Entry entry) throws IOException {
    write("id: " + entry.position() + "\nevent: " + entry.event().type().code() + "\ndata: "
        + EventJson.event(entry.event()) + "\n\n");
  }

  /** Something that readers skip. */
  void comment(String text) throws IOException {
    write(": " + text + "\n\n");
    flush();
  }

  /** Sends what was written. */
  void flush() throws IOException {
    out.flush();
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
