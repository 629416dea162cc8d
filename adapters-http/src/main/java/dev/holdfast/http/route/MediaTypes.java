package dev.holdfast.http.route;

import dev.holdfast.http.problem.ProblemException;
import dev.holdfast.http.problem.ProblemName;
import dev.holdfast.http.web.Call;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The media types that requests may have. */
final class MediaTypes {

  static final String JSON = "application/json";
  static final String LINES = "application/x-ndjson";

  private static final Pattern TYPE = Pattern.compile(
      "\\s*([a-z0-9.+-]+/[a-z0-9.+-]+)\\s*(;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?;?\\s*");

  private MediaTypes() {}

  /**
   * The media type of a request's content; JSON when there is none.
   *
   * @throws ProblemException unless it is one of {@code taken}
   */
  static String require(Call call, Set<String> taken) {
    if (!call.hasBody()) {
      return JSON;
    }
    List<String> values = call.header("Content-Type");
    String value = values.size() == 1 ? values.getFirst().toLowerCase(Locale.ROOT) : "";
    Matcher matcher = TYPE.matcher(value);
    if (!matcher.matches() || !taken.contains(matcher.group(1))) {
      throw new ProblemException(
          ProblemName.UNSUPPORTED_MEDIA_TYPE,
          "the content must be " + String.join(" or ", taken.stream().sorted().toList())
              + " in UTF-8");
    }
    return matcher.group(1);
  }
}
