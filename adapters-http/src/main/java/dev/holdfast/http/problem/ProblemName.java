package dev.holdfast.http.problem;

import java.util.Locale;

/** The kinds of problems that the contract names, each with its usual status. */
public enum ProblemName {
  VALIDATION(400, "The request is not valid"),
  NOT_FOUND(404, "Not found"),
  IDEMPOTENCY_CONFLICT(409, "The idempotency key belongs to another task"),
  ILLEGAL_TRANSITION(409, "The task's state does not allow this"),
  PAYLOAD_TOO_LARGE(413, "The content is too large"),
  HEADERS_TOO_LARGE(431, "The request's header is too large"),
  NOT_LEADER(503, "This node does not take writes"),
  OVERLOADED(503, "The server cannot take this now"),
  POSITION_EXPIRED(410, "The position is not kept any more"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  MISDIRECTED(421, "The request is meant for another host"),
  INTERNAL(500, "Internal error");

  private final int status;
  private final String title;

  ProblemName(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The status it has unless a problem says otherwise. */
  public int status() {
    return status;
  }

  /** The same for every problem of the kind. */
  public String title() {
    return title;
  }

  /** The reference that identifies the kind. */
  public String type() {
    return "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
