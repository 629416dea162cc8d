package dev.holdfast.application.engine;

/** Somebody else holds the storage exclusively. */
public final class StorageHeld extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** Names the holder and what to do. */
  public StorageHeld(String holder) {
    super("the storage is held by "
        + holder
        + "; stop it first, or enable cluster mode on PostgreSQL to run several nodes");
  }
}
