package dev.holdfast.http.problem;

import dev.holdfast.http.json.Fault;
import dev.holdfast.http.render.JsonOut;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One problem document.
 *
 * @param errors what is wrong where; empty when there is nothing to point to
 * @param members further members, by name
 * @param headers header fields that go with it, by name
 */
public record Problem(
    ProblemName name,
    int status,
    String detail,
    List<Fault> errors,
    Map<String, String> members,
    Map<String, String> headers) {

  /** Its media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(detail, "detail");
    errors = List.copyOf(errors);
    members = Map.copyOf(members);
    headers = Map.copyOf(headers);
  }

  /** A problem of a kind, with its usual status. */
  public static Problem of(ProblemName name, String detail) {
    return new Problem(name, name.status(), detail, List.of(), Map.of(), Map.of());
  }

  /** Faults of a document or of parameters. */
  public static Problem faults(List<Fault> faults) {
    return faults(ProblemName.VALIDATION, faults);
  }

  /** Faults of a kind; the detail counts them and tells the first. */
  public static Problem faults(ProblemName name, List<Fault> faults) {
    Fault first = faults.getFirst();
    String where = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
    String more = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
    return new Problem(
        name, name.status(), where + first.detail() + more, faults, Map.of(), Map.of());
  }

  /** The same with another status. */
  public Problem withStatus(int other) {
    return new Problem(name, other, detail, errors, members, headers);
  }

  /** The same with a further member. */
  public Problem with(String member, String value) {
    Map<String, String> more = new LinkedHashMap<>(members);
    more.put(member, value);
    return new Problem(name, status, detail, errors, more, headers);
  }

  /** The same with a further header field. */
  public Problem withHeader(String field, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(field, value);
    return new Problem(name, status, detail, errors, members, more);
  }

  /** The document. */
  public String json() {
    return JsonOut.object(out -> {
      out.text("type", name.type())
          .text("title", name.title())
          .number("status", status)
          .text("detail", detail);
      if (!errors.isEmpty()) {
        out.objects(
            "errors",
            errors,
            (item, fault) -> item.text("pointer", fault.pointer()).text("detail", fault.detail()));
      }
      members.forEach(out::text);
    });
  }
}
