package dev.holdfast.http.handler;

import dev.holdfast.application.worker.TaskFailure;
import dev.holdfast.domain.value.Json;
import dev.holdfast.http.json.Fault;
import dev.holdfast.http.json.Faults;
import dev.holdfast.http.json.Fields;
import dev.holdfast.http.json.JsonValue;
import dev.holdfast.http.json.Shape;
import dev.holdfast.http.json.StrictJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a task of type {@code http} asks for.
 *
 * @param expected the status codes that count as success; empty for every 2xx
 * @param body null when there is none
 */
record HttpJob(
    String method,
    URI url,
    Map<String, String> headers,
    @Nullable String body,
    Set<Integer> expected) {

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]{0,8000}");
  private static final int MAX_HEADERS = 50;

  /** Fields that say how the message is framed or routed: those are not the task's to set. */
  private static final Set<String> RESERVED = Set.of(
      "host",
      "content-length",
      "transfer-encoding",
      "connection",
      "keep-alive",
      "upgrade",
      "te",
      "trailer",
      "expect",
      "proxy-connection",
      "accept-encoding");

  /**
   * Reads a payload.
   *
   * @throws TaskFailure that is never retried, naming every fault
   */
  static HttpJob read(Json payload) {
    Faults faults = new Faults();
    JsonValue value = StrictJson.parse(
        payload.text().getBytes(StandardCharsets.UTF_8), Shape.single("body"), faults);
    HttpJob job = value == null ? null : read(value, faults);
    if (job == null || !faults.isEmpty()) {
      throw TaskFailure.fatal(
          "invalid_payload",
          String.join("; ", faults.list().stream().map(HttpJob::shown).toList()));
    }
    return job;
  }

  private static @Nullable HttpJob read(JsonValue value, Faults faults) {
    Fields fields = Fields.of(value, "", faults);
    String method = fields.text("method", HttpJob::method);
    URI url = fields.text("url", HttpJob::url);
    Map<String, String> headers = headers(fields.object("headers"), faults);
    String body = body(fields.opaque("body"), headers);
    List<JsonValue> expected = fields.array("expectStatus", 100);
    Set<Integer> statuses = statuses(expected, fields, faults);
    fields.finish();
    if (!fields.has("url")) {
      fields.fault("url", "is required");
    }
    return url == null
        ? null
        : new HttpJob(method == null ? "GET" : method, url, headers, body, statuses);
  }

  /** Whether a status counts as success. */
  boolean expects(int status) {
    return expected.isEmpty() ? status / 100 == 2 : expected.contains(status);
  }

  /** The port to connect to. */
  int port() {
    return url.getPort() >= 0 ? url.getPort() : isSecure() ? 443 : 80;
  }

  /** Whether it goes over TLS. */
  boolean isSecure() {
    return url.getScheme().equalsIgnoreCase("https");
  }

  /** The host, an IPv6 literal without its brackets. */
  String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String shown(Fault fault) {
    return fault.pointer() + " " + fault.detail();
  }

  private static String method(String text) {
    if (!TOKEN.matcher(text).matches() || text.equalsIgnoreCase("CONNECT")) {
      throw new IllegalArgumentException("must be a method");
    }
    return text.toUpperCase(Locale.ROOT);
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equalsIgnoreCase(url.getScheme());
      boolean https = "https".equalsIgnoreCase(url.getScheme());
      if (!(http || https) || url.getHost() == null || url.getRawUserInfo() != null) {
        throw new IllegalArgumentException("must be an http or https URL with a host and no user");
      }
      return url;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be a URL", e);
    }
  }

  private static Map<String, String> headers(@Nullable Fields fields, Faults faults) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (fields == null) {
      return headers;
    }
    if (fields.all().size() > MAX_HEADERS) {
      faults.add("/headers", "must have at most " + MAX_HEADERS + " members");
      return headers;
    }
    for (String name : fields.all().keySet()) {
      String value = fields.text(name);
      if (!TOKEN.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
        fields.fault(name, "is not a header field that a task may set");
      } else if (value != null && !VALUE.matcher(value).matches()) {
        fields.fault(name, "must have only visible ASCII characters, spaces and tabs");
      } else if (value != null) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  /** A string is sent as it is, anything else as JSON. */
  private static @Nullable String body(@Nullable String source, Map<String, String> headers) {
    if (source == null || source.equals("null")) {
      return null;
    }
    JsonValue value =
        StrictJson.parse(source.getBytes(StandardCharsets.UTF_8), Shape.PLAIN, new Faults());
    if (value instanceof JsonValue.Text text) {
      return text.value();
    }
    if (headers.keySet().stream().noneMatch(name -> name.equalsIgnoreCase("content-type"))) {
      headers.put("Content-Type", "application/json");
    }
    return source;
  }

  private static Set<Integer> statuses(
      @Nullable List<JsonValue> items, Fields fields, Faults faults) {
    Set<Integer> statuses = new TreeSet<>();
    if (items == null) {
      return statuses;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof JsonValue.Digits digits
          && digits.source().matches("[1-5]\\d\\d")) {
        statuses.add(Integer.parseInt(digits.source()));
      } else {
        faults.add(fields.at("expectStatus") + "/" + i, "must be an integer 100..599");
      }
    }
    if (items.isEmpty()) {
      fields.fault("expectStatus", "must have at least one item");
    }
    return statuses;
  }
}
