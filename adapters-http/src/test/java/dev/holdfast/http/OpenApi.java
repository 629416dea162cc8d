package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The published description, and whether exchanges with the server are as it says. */
final class OpenApi {

  static final OpenApi PUBLISHED = new OpenApi();

  private final JsonMapper json = new JsonMapper();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final JsonNode document;

  private OpenApi() {
    try (InputStream in = Objects.requireNonNull(
        HttpServer.class.getResourceAsStream("/dev/holdfast/http/openapi.json"))) {
      document = json.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode document() {
    return document;
  }

  /** Operation and status of every exchange that was checked, as {@code getTask 200}. */
  Set<String> seen() {
    return seen;
  }

  /** Every operation, as {@code GET /v1/tasks/{id}}. */
  List<String> operations() {
    List<String> operations = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(path -> path.getValue()
            .propertyNames()
            .forEach(
                method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  /** Checks one exchange; one that no route answered must have a problem document. */
  void check(String method, String path, @Nullable String body, HttpResponse<String> response) {
    JsonNode operation = operation(method.equals("HEAD") ? "GET" : method, path);
    int status = response.statusCode();
    String type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    if (operation == null) {
      assertThat(type).isEqualTo("application/problem+json");
      validate(ref("Problem"), response.body());
      return;
    }
    seen.add(operation.get("operationId").asString() + " " + status);
    JsonNode responses = operation.get("responses");
    JsonNode declared = resolve(
        responses.has(Integer.toString(status))
            ? responses.get(Integer.toString(status))
            : responses.get("default"));
    JsonNode content = declared.get("content").get(type);
    assertThat(content).as("%s %s: %s of %s", method, path, type, status).isNotNull();
    if (type.endsWith("json") && !method.equals("HEAD")) {
      validate(content.get("schema"), response.body());
    }
    declared.path("headers").propertyNames().forEach(name -> {
      if (name.equals("Location") || name.equals("Retry-After")) {
        assertThat(response.headers().firstValue(name)).as(name).isPresent();
      }
    });
    if (status < 300 && body != null && !body.isEmpty()) {
      JsonNode accepted = operation.path("requestBody").path("content").path("application/json");
      validate(accepted.get("schema"), body);
    }
  }

  void validate(JsonNode schema, String text) {
    Schema compiled = schemas.computeIfAbsent(schema, this::compile);
    List<Error> errors = compiled.validate(json.readTree(text));
    assertThat(errors).as(text).isEmpty();
  }

  JsonNode ref(String name) {
    return json.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  private Schema compile(JsonNode schema) {
    ObjectNode root = json.createObjectNode();
    root.putArray("allOf").add(schema);
    root.set("components", document.get("components"));
    return registry.getSchema(root);
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
  }

  private @Nullable JsonNode operation(String method, String path) {
    String plain = path.replaceAll("\\?.*", "");
    JsonNode exact = document.get("paths").get(plain);
    JsonNode found = exact == null ? document.get("paths").get(template(plain)) : exact;
    return found == null ? null : found.get(method.toLowerCase(Locale.ROOT));
  }

  private static String template(String path) {
    return path.replaceFirst("^/v1/tasks/[^/]+", "/v1/tasks/{id}");
  }
}
