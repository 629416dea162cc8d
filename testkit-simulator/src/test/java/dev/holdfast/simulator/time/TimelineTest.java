package dev.holdfast.simulator.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private final Timeline timeline = new Timeline(new SplittableRandom(1));
  private final Actor actor = new Actor("one");
  private final Actor other = new Actor("other");
  private final List<String> log = new ArrayList<>();

  private void log(String what) {
    log.add(what + "@" + timeline.now());
  }

  private void at(long instant, Actor owner, String what) {
    timeline.after(instant, owner, what, () -> log(what));
  }

  private void run() throws InterruptedException {
    timeline.run(() -> {}, () -> false);
  }

  @Test
  void events_happenInTheOrderOfTime() throws InterruptedException {
    at(20, actor, "b");
    at(10, actor, "a");
    timeline.after(15, actor, null, () -> log("never")).cancel();

    run();

    assertThat(log).containsExactly("a@10", "b@20");
    assertThat(timeline.steps()).isEqualTo(2);
    assertThat(timeline.actor()).isNull();
  }

  @Test
  void pauses_overlapInAnyWay() throws InterruptedException {
    timeline.after(0, actor, "first", () -> {
      timeline.pause(20);
      log(timeline.actor() + " " + timeline.tag());
    });
    timeline.after(10, other, "second", () -> {
      timeline.pause(20);
      log(timeline.actor() + " " + timeline.tag());
    });
    at(15, actor, "between");

    run();

    assertThat(log).containsExactly("between@15", "one first@20", "other second@30");
  }

  @Test
  void frozenActor_goesOnWhereItWas() throws InterruptedException {
    timeline.after(0, actor, null, () -> {
      actor.freezeUntil(50);
      timeline.pause(5);
      log("late");
    });
    at(10, other, "other");

    run();

    assertThat(log).containsExactly("other@10", "late@50");
  }

  @Test
  void thawedActor_isNotHeldUp() throws InterruptedException {
    actor.freezeUntil(50);
    actor.thaw();
    at(10, actor, "a");

    run();

    assertThat(log).containsExactly("a@10");
  }

  @Test
  void killedActor_isUnwoundInTheMiddleOfItsWork() throws InterruptedException {
    timeline.after(0, actor, null, () -> {
      try {
        timeline.pause(20);
        log("never");
      } finally {
        log("unwound");
      }
    });
    at(15, actor, "never");
    timeline.after(10, other, null, () -> timeline.kill(actor));

    run();

    assertThat(log).containsExactly("unwound@20");
    assertThat(actor.isGone()).isTrue();
  }

  @Test
  void gatedActor_doesOnlyWhatIsAdmitted() throws InterruptedException {
    timeline.after(0, actor, "self", () -> {
      timeline.gated(
          actor, tag -> "self".equals(tag) || "admitted".equals(tag), () -> timeline.pause(50));
      log("open");
    });
    at(10, actor, "admitted");
    at(20, actor, "kept");
    at(30, other, "other");

    run();

    assertThat(log).containsExactly("admitted@10", "other@30", "open@50", "kept@50");
  }

  @Test
  void interrupt_isKeptForWhoeverPauses() throws InterruptedException {
    Thread[] paused = new Thread[1];
    timeline.after(0, actor, null, () -> {
      paused[0] = Thread.currentThread();
      timeline.pause(20);
      log("interrupted " + Thread.currentThread().isInterrupted());
    });
    timeline.after(10, other, null, () -> paused[0].interrupt());
    timeline.after(30, actor, null, () -> log("later " + Thread.currentThread().isInterrupted()));

    run();

    assertThat(log).containsExactly("interrupted true@20", "later false@30");
  }

  @Test
  void run_endsWhenItIsOver_andUnwindsWhatWaits() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      timeline.after(i, actor, null, () -> {
        try {
          timeline.pause(1000);
        } finally {
          log("unwound");
        }
      });
    }
    at(2000, actor, "never");

    timeline.run(() -> {}, () -> timeline.now() >= 2);

    assertThat(log).containsExactly("unwound@2", "unwound@2", "unwound@2");
  }

  @Test
  void run_passesOnWhatAnEventThrows() {
    timeline.after(0, actor, null, () -> {
      throw new IllegalStateException("of a bug");
    });
    assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class).hasMessage("of a bug");

    Timeline second = new Timeline(new SplittableRandom(1));
    second.after(0, actor, null, () -> {
      throw new AssertionError("of a bug");
    });
    assertThatThrownBy(() -> second.run(() -> {}, () -> false)).isInstanceOf(AssertionError.class);
  }

  @Test
  void pause_outsideOfEvents_isRefused() {
    assertThatThrownBy(() -> timeline.pause(1)).isInstanceOf(NullPointerException.class);
  }
}
