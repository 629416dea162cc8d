package dev.holdfast.domain.port;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another process has the storage open, and it allows one process only: nothing was changed.
 *
 * <p>Thrown when a storage is opened; trying again helps once the holder has ended.
 */
public final class StorageInUse extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String holder;

  /**
   * With all that people need to know.
   *
   * @param holder who has it open, for example {@code process 4711}
   * @param message names the storage, the holder and what can be done
   */
  public StorageInUse(String holder, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.holder = Objects.requireNonNull(holder, "holder");
  }

  /** Who has it open, for people. */
  public String holder() {
    return holder;
  }
}
