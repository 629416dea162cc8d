package dev.holdfast.bootstrap.handlers;

import dev.holdfast.application.engine.JsonMapper;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.value.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts the results of dependencies into one document, each exactly as it was given. */
public final class Results {

  private Results() {}

  /**
   * The document {@code {"results": {<ref or id>: <result>}}}. A dependency without a result is
   * absent; one whose ref another one has too is named by its id.
   */
  public static Json of(JsonMapper mapper, List<Upstream> upstream) {
    Set<String> ambiguous = ambiguousRefs(upstream);
    return new Json(upstream.stream()
        .filter(dependency -> dependency.result() != null)
        .map(dependency -> mapper.write(nameOf(dependency, ambiguous)) + ":" + dependency.result())
        .collect(Collectors.joining(",", "{\"results\":{", "}}")));
  }

  private static String nameOf(Upstream dependency, Set<String> ambiguous) {
    @Nullable String ref = dependency.ref();
    return ref == null || ambiguous.contains(ref) ? dependency.task().toString() : ref;
  }

  private static Set<String> ambiguousRefs(List<Upstream> upstream) {
    var seen = new HashSet<String>();
    return upstream.stream()
        .map(Upstream::ref)
        .filter(ref -> ref != null && !seen.add(ref))
        .collect(Collectors.toSet());
  }
}
