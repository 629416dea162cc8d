package dev.holdfast.bootstrap.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopSignalTest {

  @Test
  void the_first_signal_asks_and_later_ones_insist() throws InterruptedException {
    var asked = new AtomicInteger();
    List<Integer> insisted = new ArrayList<>();
    var signal = new StopSignal(asked::incrementAndGet, insisted::add);
    assertThat(signal.number()).isZero();

    signal.receive(15);
    signal.receive(2);

    signal.await();
    assertThat(asked).hasValue(1);
    assertThat(signal.number()).isEqualTo(15);
    assertThat(insisted).containsExactly(2);
  }
}
