package dev.holdfast.simulator.node;

import dev.holdfast.domain.port.node.Signals;
import dev.holdfast.simulator.fault.Faults;
import dev.holdfast.simulator.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Carries hints between processes; some are lost, doubled or late. */
final class Hints {

  private static final long MOST_DELAY = 40_000_000L;

  private final Timeline timeline;
  private final Faults faults;
  private final List<Ear> ears = new ArrayList<>();

  Hints(Timeline timeline, Faults faults) {
    this.timeline = timeline;
    this.faults = faults;
  }

  private record Ear(Life life, Consumer<Signals.Signal> callback) {}

  /** The hints as one process sends and hears them. */
  Signals of(Life life) {
    return new Signals() {
      @Override
      public void send(Signal signal) {
        if (!life.isCut()) {
          spread(life, signal);
        }
      }

      @Override
      public void listen(Consumer<Signal> callback) {
        ears.removeIf(ear -> ear.life.equals(life));
        ears.add(new Ear(life, callback));
      }
    };
  }

  private void spread(Life from, Signals.Signal signal) {
    ears.removeIf(ear -> ear.life.actor().isGone());
    for (Ear ear : ears) {
      if (!ear.life.equals(from)) {
        for (int copies = faults.copiesOfHint(); copies > 0; copies--) {
          timeline.after(
              faults.chance().nextLong(MOST_DELAY),
              ear.life.actor(),
              "hint",
              () -> hear(ear, signal));
        }
      }
    }
  }

  private static void hear(Ear ear, Signals.Signal signal) {
    if (!ear.life.isCut()) {
      ear.callback.accept(signal);
    }
  }
}
