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
 */
public record ClaimRequest(SessionId session, long request, List<Lane> lanes, int limit) {

  /** Upper bound of one claim. */
  public static final int MAX_LIMIT = 1000;

  public ClaimRequest {
    Objects.requireNonNull(session, "session");
    lanes = List.copyOf(lanes);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1.." + MAX_LIMIT + ", got " + limit);
    }
  }
}
