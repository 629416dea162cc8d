package dev.holdfast.http.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A request of the test's choice. */
public record FakeCall(
    String method, String path, String query, Map<String, String> headers, String text)
    implements Call {

  /** A request without parameters, meant for this machine. */
  public static FakeCall of(String method, String path, String text) {
    return new FakeCall(
        method, path, "", Map.of("Host", "localhost", "Content-Type", "application/json"), text);
  }

  @Override
  public List<String> header(String name) {
    return headers.containsKey(name) ? List.of(headers.get(name)) : List.of();
  }

  @Override
  public int headerCount() {
    return headers.size();
  }

  @Override
  public String localAddress() {
    return "127.0.0.1";
  }

  @Override
  public boolean hasBody() {
    return !text.isEmpty();
  }

  @Override
  public byte[] body(int limit) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
