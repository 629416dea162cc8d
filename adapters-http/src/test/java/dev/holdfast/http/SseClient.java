package dev.holdfast.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one event stream. */
final class SseClient implements AutoCloseable {

  /** One event as it came. */
  record Event(String id, String type, JsonNode data) {

    String key() {
      return data.get("taskId").asString() + "/" + data.get("version").asInt();
    }
  }

  final int status;
  final List<String> comments = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final InputStream stream;
  private final BufferedReader reader;

  SseClient(LiveServer live, String query, String... headers) throws Exception {
    HttpResponse<InputStream> response = client.send(
        live.request("/v1/events" + query, headers).build(), BodyHandlers.ofInputStream());
    this.status = response.statusCode();
    this.stream = response.body();
    this.reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  /** The next event; null at the end of the stream. */
  @Nullable
  Event next() throws IOException {
    String id = "";
    String type = "";
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(":")) {
        comments.add(line.substring(1).strip());
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        OpenApi.PUBLISHED.validate(OpenApi.PUBLISHED.ref("Event"), line.substring(6));
        return new Event(id, type, LiveServer.JSON.readTree(line.substring(6)));
      }
    }
    return null;
  }

  /** So many events. */
  List<Event> next(int count) throws IOException {
    List<Event> events = new ArrayList<>();
    while (events.size() < count) {
      Event event = next();
      if (event == null) {
        throw new IOException("the stream ended after " + events.size() + " events");
      }
      events.add(event);
    }
    return events;
  }

  @Override
  public void close() throws IOException {
    stream.close();
    client.shutdownNow();
  }
}
