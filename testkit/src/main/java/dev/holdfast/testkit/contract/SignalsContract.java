package dev.holdfast.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.domain.port.node.Signals.Signal;
import dev.holdfast.testkit.harness.Capability;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Hints between nodes. They may be lost, so a test sends until one is heard. */
public abstract class SignalsContract extends StorageContract {

  private static final int TRIES = 200;

  private final LinkedBlockingQueue<Signal> heard = new LinkedBlockingQueue<>();

  @Test
  void send_isHeardByAnotherProcess_ofEveryKind() throws Exception {
    requires(Capability.CLUSTER);
    Signals other = harness().another().coordination().signals();
    other.listen(heard::add);

    for (Signal signal : Signal.values()) {
      assertThat(hears(storage().coordination().signals(), signal))
          .as("%s", signal)
          .isTrue();
    }
  }

  /** What was said when the listener began to listen does not count. */
  private boolean hears(Signals sender, Signal signal) throws InterruptedException {
    Set<Signal> others = EnumSet.complementOf(EnumSet.of(signal));
    for (int i = 0; i < TRIES; i++) {
      heard.clear();
      sender.send(signal);
      Signal first = heard.poll(100, TimeUnit.MILLISECONDS);
      if (signal.equals(first) && !others.contains(heard.peek())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void listen_replacesTheListenerBefore_andSendNeverFails() {
    storage().coordination().signals().listen(heard::add);
    storage().coordination().signals().listen(signal -> {});
    for (Signal signal : Signal.values()) {
      storage().coordination().signals().send(signal);
    }
    storage().close();

    storage().coordination().signals().send(Signal.WORK);
  }
}
