package dev.holdfast.http.wire;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of content all requests may hold together. Safe for concurrent use. */
final class BodyRoom {

  private static final long LEAST = 32L << 20;
  private static final int SHARE_OF_HEAP = 32;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  BodyRoom(long most) {
    this.most = most;
  }

  /** Room that fits the heap: parsing takes several times the size of a document. */
  static BodyRoom ofHeap() {
    return new BodyRoom(Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  /** Takes room; false when there is none. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= most) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives room back. */
  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
