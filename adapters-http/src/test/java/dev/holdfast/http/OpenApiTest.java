package dev.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.problem.ProblemName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The other tests check every exchange against the description; this one checks the rest of it. */
final class OpenApiTest {

  @Test
  void description_and_server_have_the_same_routes() throws Exception {
    try (LiveServer live = new LiveServer()) {
      assertThat(OpenApi.PUBLISHED.operations())
          .containsExactlyInAnyOrderElementsOf(live.server.routes());
      assertThat(LiveServer.json(live.get("/openapi.json")))
          .isEqualTo(OpenApi.PUBLISHED.document());
    }
  }

  @Test
  void description_and_server_know_the_same_query_parameters() throws Exception {
    try (LiveServer live = new LiveServer()) {
      String id = live.submit("{\"type\":\"echo\"}");
      for (String operation : OpenApi.PUBLISHED.operations()) {
        if (operation.startsWith("GET ")) {
          String path = operation.substring(4);
          JsonNode get = OpenApi.PUBLISHED.document().get("paths").get(path).get("get");
          for (String name : parameters(get)) {
            String twice = "?" + name + "=1&" + name + "=1";
            String answer = live.get(path.replace("{id}", id) + twice).body();
            assertThat(answer).contains("is given twice").doesNotContain("is not a known");
          }
          assertThat(live.get(path.replace("{id}", id) + "?other=1").body())
              .contains("is not a known query parameter");
        }
      }
    }
  }

  @Test
  void every_problem_name_is_described() {
    List<String> names = new ArrayList<>();
    OpenApi.PUBLISHED
        .document()
        .at("/components/schemas/Problem/properties/type/enum")
        .forEach(name -> names.add(name.asString()));

    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ProblemName.values()).map(ProblemName::type).toList());
  }

  private static List<String> parameters(JsonNode operation) {
    List<String> names = new ArrayList<>();
    operation.path("parameters").forEach(parameter -> {
      if (parameter.path("in").asString("").equals("query")) {
        names.add(parameter.get("name").asString());
      }
    });
    return names;
  }
}
