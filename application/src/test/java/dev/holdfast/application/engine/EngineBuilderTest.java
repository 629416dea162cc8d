package dev.holdfast.application.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.application.engine.Health.Check;
import dev.holdfast.application.testing.TinyJson;
import dev.holdfast.domain.value.NodeId;
import dev.holdfast.testkit.memory.InMemoryStorage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EngineBuilderTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final EngineSettings DEFAULTS = EngineSettings.of(new NodeId("n"));

  private static EngineSettings settings(UnaryOperator<Draft> change) {
    return change
        .apply(new Draft(
            Map.of(), 1, SECOND, SECOND.multipliedBy(3), SECOND.multipliedBy(10), SECOND, SECOND))
        .build();
  }

  private record Draft(
      Map<String, String> labels,
      int slots,
      Duration heartbeat,
      Duration staleAfter,
      Duration timeToLive,
      Duration longestPoll,
      Duration stopGrace) {

    EngineSettings build() {
      return new EngineSettings(
          new NodeId("n"),
          "",
          labels,
          slots,
          heartbeat,
          staleAfter,
          timeToLive,
          longestPoll,
          stopGrace);
    }

    Draft slots(int other) {
      return new Draft(labels, other, heartbeat, staleAfter, timeToLive, longestPoll, stopGrace);
    }

    Draft labels(Map<String, String> other) {
      return new Draft(other, slots, heartbeat, staleAfter, timeToLive, longestPoll, stopGrace);
    }

    Draft times(Duration beat, Duration live, Duration poll, Duration grace) {
      return new Draft(labels, slots, beat, staleAfter, live, poll, grace);
    }

    Draft stale(Duration other) {
      return new Draft(labels, slots, heartbeat, other, timeToLive, longestPoll, stopGrace);
    }
  }

  private static void assertRefused(UnaryOperator<Draft> change, String said) {
    assertThatThrownBy(() -> settings(change))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void settings_have_the_documented_defaults() {
    assertThat(DEFAULTS.slots()).isEqualTo(32);
    assertThat(DEFAULTS.heartbeat()).isEqualTo(SECOND);
    assertThat(DEFAULTS.staleAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(DEFAULTS.timeToLive()).isEqualTo(Duration.ofSeconds(10));
    assertThat(DEFAULTS.longestPoll()).isEqualTo(SECOND);
    assertThat(DEFAULTS.stopGrace()).isEqualTo(Duration.ofSeconds(20));
    assertThat(DEFAULTS.withSlots(3).slots()).isEqualTo(3);
  }

  @Test
  void settings_refuse_what_is_out_of_bounds() {
    assertRefused(draft -> draft.slots(-1), "slots");
    assertRefused(draft -> draft.slots(EngineSettings.MAX_SLOTS + 1), "slots");
    assertRefused(draft -> draft.labels(Map.of("", "x")), "label");
    Duration ten = SECOND.multipliedBy(10);
    assertRefused(draft -> draft.times(Duration.ZERO, ten, SECOND, SECOND), "heartbeat");
    assertRefused(draft -> draft.times(SECOND, SECOND.negated(), SECOND, SECOND), "timeToLive");
    assertRefused(draft -> draft.times(SECOND, ten, Duration.ZERO, SECOND), "longestPoll");
    assertRefused(draft -> draft.times(SECOND, ten, SECOND, SECOND.negated()), "stopGrace");
    assertRefused(
        draft -> draft.times(SECOND, SECOND.multipliedBy(2), SECOND, SECOND), "staleAfter");
    assertRefused(draft -> draft.stale(SECOND), "heartbeat must be less than staleAfter");
  }

  @Test
  void settings_take_their_bounds() {
    assertThat(settings(draft -> draft.slots(0)).slots()).isZero();
    assertThat(settings(draft -> draft.slots(EngineSettings.MAX_SLOTS)).slots()).isEqualTo(100_000);
    assertThat(settings(draft ->
                draft.times(SECOND, SECOND.multipliedBy(3).plusNanos(1), SECOND, Duration.ZERO))
            .stopGrace())
        .isZero();
  }

  @Test
  void a_type_has_one_handler() {
    EngineBuilder builder = new EngineBuilder(
            new InMemoryStorage(InstantSource.system()), new TinyJson(), DEFAULTS)
        .handler("a", context -> context.payload());

    assertThatThrownBy(() -> builder.handler("a", context -> context.payload()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a has a handler");
    assertThatThrownBy(() -> builder.handler("no spaces", context -> context.payload()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void health_holds_when_every_check_does() {
    Check good = new Check("a", true, "");
    Check bad = new Check("b", false, "");

    assertThat(new Health(List.of(good), List.of(good, bad)))
        .matches(Health::isLive)
        .matches(health -> !health.isReady());
    assertThat(new Health(List.of(bad), List.of()))
        .matches(health -> !health.isLive())
        .matches(Health::isReady);
  }
}
