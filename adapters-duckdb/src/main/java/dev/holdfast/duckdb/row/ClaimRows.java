package dev.holdfast.duckdb.row;

import dev.holdfast.domain.value.ClaimId;
import dev.holdfast.duckdb.db.Cells;
import dev.holdfast.duckdb.db.Columns;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Rows of the claims, read. */
public final class ClaimRows {

  private ClaimRows() {}

  private static final String INSTANTS = """
      SELECT id, claimed_us
        FROM claim
       WHERE id IN (SELECT unnest(:claims))
      """;

  /** When these claims were made. */
  public static Map<ClaimId, Instant> instants(Handle handle, Collection<ClaimId> claims) {
    Map<ClaimId, Instant> instants = new HashMap<>();
    if (!claims.isEmpty()) {
      handle
          .createQuery(INSTANTS)
          .bind("claims", Columns.longs(claims, ClaimId::value))
          .map((row, context) ->
              Map.entry(new ClaimId(row.getLong("id")), Cells.instant(row, "claimed_us")))
          .forEach(claim -> instants.put(claim.getKey(), claim.getValue()));
    }
    return instants;
  }
}
