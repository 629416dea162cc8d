package dev.holdfast.testkit.memory.data;

import java.util.ArrayDeque;
import java.util.Deque;

/** The inverses of the changes of one transaction. Belongs to the holder of the world's lock. */
final class Journal {

  private final Deque<Runnable> inverses = new ArrayDeque<>();

  void changed(Runnable inverse) {
    inverses.push(inverse);
  }

  boolean isEmpty() {
    return inverses.isEmpty();
  }

  void commit() {
    inverses.clear();
  }

  void rollBack() {
    while (!inverses.isEmpty()) {
      inverses.pop().run();
    }
  }
}
