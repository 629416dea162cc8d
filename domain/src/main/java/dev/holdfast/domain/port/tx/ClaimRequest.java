package dev.holdfast.domain.port.tx;

import dev.holdfast.domain.value.SessionId;
import java.util.List;
import java.util.Objects;

/**
 * A node asks for work.
 *
 * @param request chosen by the session, new for each claim
 * @param lanes the only lanes it takes from
 * @param limit 1..{@value #MAX_LIMIT}
 * @param again whether an earlier try of the same request may have been carried out, or may be on
 *     its way still
 */
public record ClaimRequest(
    SessionId session, long request, List<Lane> lanes, int limit, boolean again) {

  /** Upper bound of one claim. */
  public static final int MAX_LIMIT = 1000;

  /** A new request. */
  public ClaimRequest(SessionId session, long request, List<Lane> lanes, int limit) {
    this(session, request, lanes, limit, false);
  }

  public ClaimRequest {
    Objects.requireNonNull(session, "session");
    lanes = List.copyOf(lanes);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1.." + MAX_LIMIT + ", got " + limit);
    }
  }
}
