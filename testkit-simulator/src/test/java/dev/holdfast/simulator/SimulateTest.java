package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.simulator.node.Bend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SimulateTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void run_tellsHowManyHistoriesAndFaults() throws InterruptedException {
    int code = new Simulate(() -> Bend.NONE, out).run("5", "20");

    assertThat(code).isZero();
    assertThat(text()).startsWith("20 histories in ").contains("LOST_REPLY");
  }

  @Test
  void run_tellsTheSeedAndTheCommandOfAFailure() throws InterruptedException {
    int code = new Simulate(Breaking::new, out).run("5", "1");

    assertThat(code).isEqualTo(1);
    assertThat(text())
        .contains("seed 5 broke L3: nobody expects java.lang.IllegalStateException: of a bug")
        .contains("see it again: make simulate SEED=5 SEEDS=1");
  }

  @Test
  void run_ofOneSeed_tellsWhatHappened() throws InterruptedException {
    int code = new Simulate(() -> Bend.NONE, out).run("3", "1");

    assertThat(code).isZero();
    assertThat(text()).contains("event completed").contains("1 histories");
  }

  @Test
  void run_withoutArguments_saysHowToUseIt() throws InterruptedException {
    assertThat(new Simulate(() -> Bend.NONE, out).run()).isEqualTo(2);
    assertThat(text()).isEqualToIgnoringNewLines("usage: simulate SEED SEEDS");
  }

  private static final class Breaking implements Bend {

    @Override
    public Storage client(Storage faulty, Site site) {
      throw new IllegalStateException("of a bug");
    }
  }
}
