package dev.holdfast.http.handler;

import dev.holdfast.domain.value.Json;
import dev.holdfast.http.render.JsonOut;
import java.util.Map;

/**
 * What a target answered.
 *
 * @param headers by lower-case name; repeated ones joined by commas
 */
record HttpReply(int status, Map<String, String> headers, String body) {

  /** The result of the task. */
  Json json() {
    return new Json(JsonOut.object(out -> out.number("status", status)
        .object("headers", headers, JsonOut::entries)
        .text("body", body)));
  }
}
