package dev.holdfast.http.problem;

import dev.holdfast.domain.port.StorageRejected;
import dev.holdfast.domain.port.StorageUnavailable;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which problem a throwable is. Safe for concurrent use. */
public final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private final LongSupplier ids;

  /** Takes the ids of internal problems from {@code ids}, which must be safe to share. */
  public Problems(LongSupplier ids) {
    this.ids = ids;
  }

  /** The problem that ends a request; logs what only we can mend. */
  public Problem of(Throwable thrown) {
    return switch (thrown) {
      case ProblemException expected -> expected.problem();
      case StorageUnavailable outage -> unavailable(outage);
      case StorageRejected rejected -> rejected(rejected);
      default -> internal(thrown);
    };
  }

  private static Problem unavailable(StorageUnavailable outage) {
    LOG.atWarn().addKeyValue("cause", outage.getMessage()).log("the storage did not answer");
    return overloaded("the storage did not answer, so the outcome of this request is unknown; it is"
        + " safe to send it again with the same idempotency key");
  }

  private static Problem rejected(StorageRejected rejected) {
    LOG.atWarn().addKeyValue("cause", rejected.getMessage()).log("the storage refused the data");
    return Problem.of(ProblemName.VALIDATION, "the storage cannot keep this; nothing was stored");
  }

  /** A passing lack of room. */
  public static Problem overloaded(String detail) {
    return Problem.of(ProblemName.OVERLOADED, detail).withHeader("Retry-After", "1");
  }

  private Problem internal(Throwable thrown) {
    String id = HexFormat.of().toHexDigits(ids.getAsLong());
    LOG.atError().addKeyValue("problem", id).setCause(thrown).log("a request failed");
    return Problem.of(
            ProblemName.INTERNAL, "something went wrong here; the log has more under id " + id)
        .with("id", id);
  }
}
