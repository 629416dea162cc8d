package dev.holdfast.bootstrap.wiring;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be closed in the end: the last that was opened first. Safe for concurrent use. */
final class Closing {

  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Remembers what was opened. */
  synchronized <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Closes everything, whatever one of them throws. */
  synchronized void closeAll() {
    while (!opened.isEmpty()) {
      AutoCloseable resource = opened.pop();
      try {
        resource.close();
      } catch (Exception e) {
        LOG.atWarn()
            .addKeyValue("what", resource.getClass().getSimpleName())
            .setCause(e)
            .log("could not be closed");
      }
    }
  }
}
