package dev.holdfast.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.domain.value.NodeId;
import dev.holdfast.domain.value.TypeName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static final TypeName ECHO = new TypeName("echo");
  private static final NodeId ALDER = new NodeId("alder");
  private static final NodeId BIRCH = new NodeId("birch");

  @Test
  void judge_accepts_a_node_that_nothing_stands_against() {
    Constraints constraints = Constraints.of(Map.of("gpu", "true"), List.of(ALDER), List.of(BIRCH));

    Verdict verdict = Placement.judge(alder(NodeCondition.HEALTHY, 1), ECHO, constraints);

    assertThat(verdict).isEqualTo(new Verdict(ALDER, List.of()));
    assertThat(verdict.isEligible()).isTrue();
  }

  @Test
  void judge_gives_every_reason_at_once() {
    Constraints constraints =
        Constraints.of(Map.of("gpu", "false", "zone", "a"), List.of(BIRCH), List.of(ALDER));

    Verdict verdict =
        Placement.judge(alder(NodeCondition.DRAINING, 0), new TypeName("other"), constraints);

    assertThat(verdict.isEligible()).isFalse();
    assertThat(verdict.reasons())
        .containsExactly(
            new Reason(ReasonCode.MISSING_EXECUTOR, "no handler for type other"),
            new Reason(ReasonCode.LABEL, "needs gpu=false, has gpu=true"),
            new Reason(ReasonCode.LABEL, "needs zone=a, has no such label"),
            new Reason(ReasonCode.NOT_ALLOWED, "not among the allowed nodes"),
            new Reason(ReasonCode.FORBIDDEN, "among the forbidden nodes"),
            new Reason(ReasonCode.DRAINING, "it takes no new work"),
            new Reason(ReasonCode.AT_CAPACITY, "no free slot"));
  }

  @Test
  void judge_names_each_condition_but_healthy() {
    assertThat(Arrays.stream(NodeCondition.values())
            .flatMap(condition ->
                Placement.judge(alder(condition, 1), ECHO, Constraints.NONE).reasons().stream())
            .map(Reason::code))
        .containsExactly(
            ReasonCode.STALE, ReasonCode.DEAD, ReasonCode.DRAINING, ReasonCode.OBSERVER);
  }

  @Test
  void serves_looks_at_what_lasts_only() {
    NodeProfile busy = alder(NodeCondition.DRAINING, 0);

    assertThat(Placement.serves(busy, ECHO, Constraints.NONE)).isTrue();
    assertThat(Placement.serves(busy, new TypeName("other"), Constraints.NONE)).isFalse();
    assertThat(Placement.serves(busy, ECHO, Constraints.of(Map.of(), List.of(BIRCH), List.of())))
        .isFalse();
  }

  @Test
  void reason_codes_are_spelled_as_in_the_contract() {
    assertThat(Arrays.stream(ReasonCode.values()).map(ReasonCode::code))
        .containsExactly(
            "missing-executor",
            "label",
            "not-allowed",
            "forbidden",
            "at-capacity",
            "draining",
            "stale",
            "dead",
            "observer");
  }

  @Test
  void node_profile_is_validated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> alder(NodeCondition.HEALTHY, -1))
        .withMessageContaining("freeSlots");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new NodeProfile(ALDER, Map.of("zone", ""), Set.of(), NodeCondition.HEALTHY, 1))
        .withMessageContaining("label value");
  }

  private static NodeProfile alder(NodeCondition condition, int freeSlots) {
    return new NodeProfile(ALDER, Map.of("gpu", "true"), Set.of(ECHO), condition, freeSlots);
  }
}
