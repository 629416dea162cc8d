package dev.holdfast.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.value.TaskId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventValuesTest {

  private static final String ID = Samples.TASK.toString();

  @Test
  void position_is_read_back_from_its_text() {
    List<EventPosition> positions = List.of(
        new EventPosition(1, 2, Samples.TASK, 3),
        new EventPosition(Long.MAX_VALUE, Long.MAX_VALUE, Samples.TASK, Integer.MAX_VALUE),
        new EventPosition(Long.MIN_VALUE, 0, Samples.TASK, 0),
        EventPosition.before(7, 8),
        EventPosition.behind(7, 8));

    assertThat(positions)
        .allSatisfy(
            position -> assertThat(EventPosition.parse(position.toString())).isEqualTo(position));
    assertThat(positions.get(0)).hasToString("1.2." + ID + ".3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "...",
        "1.2.x.3",
        "1.2.%s",
        "1.2.%s.3.",
        "1.2.%s.3.4",
        "+1.2.%s.3",
        "01.2.%s.3",
        "1.2.%s.03",
        "1.2.%s.2147483648",
        "1.9223372036854775808.%s.1",
        "1.2.%s. 3",
        "1.-0.%s.3",
        "١.2.%s.3"
      })
  void position_refuses_what_it_did_not_write(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventPosition.parse(text.replace("%s", ID)));
  }

  @Test
  void positions_order_by_transaction_then_task_then_version() {
    TaskId high = new TaskId(new UUID(-1L, 0L));

    assertThat(List.of(
            EventPosition.before(1, 5),
            new EventPosition(1, 5, Samples.id(1), 2),
            new EventPosition(1, 5, Samples.id(1), 10),
            new EventPosition(1, 5, Samples.id(2), 1),
            new EventPosition(1, 5, high, 1),
            EventPosition.behind(1, 5),
            EventPosition.before(1, 6)))
        .isSorted();
  }

  @Test
  void event_keeps_the_order_of_its_detail_and_copies_it() {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("b", 1);
    detail.put("a", 2);
    var event = new TaskEvent(Samples.TASK, 1, EventType.CREATED, Samples.T0, null, 0, detail);

    detail.clear();

    assertThat(event.detail().keySet()).containsExactly("b", "a");
    assertThat(event.detail()).isUnmodifiable();
  }

  @Test
  void event_types_are_those_of_the_contract() {
    assertThat(Arrays.stream(EventType.values()).map(EventType::code))
        .containsExactlyInAnyOrder(
            "created",
            "scheduled",
            "assigned",
            "released",
            "started",
            "progressed",
            "suspended",
            "resumed",
            "retry_scheduled",
            "completed",
            "failed",
            "dead_lettered",
            "reassigned",
            "cancel_requested",
            "cancelled",
            "timed_out",
            "replayed");
  }

  @ParameterizedTest
  @EnumSource(
      value = RunEnd.Kind.class,
      names = {"RELEASED", "SUSPENDED"},
      mode = EnumSource.Mode.EXCLUDE)
  void story_bears_an_end_without_its_error(RunEnd.Kind kind) {
    // What older or foreign rows may lack must not make a whole page of the log unreadable.
    Run run = Run.first(Samples.TASK, 1, Marks.NONE);
    RunEnd bare = new RunEnd(run.key(), kind, true, 1, 2, null, null, Samples.T0, null, null, null);

    List<TaskEvent> events = Story.of(new Fact.Ended(bare, null));

    assertThat(events).isNotEmpty();
    assertThat(events.getLast().version()).isEqualTo(bare.lastVersion());
    assertThat(events.get(0).detail())
        .isIn(Map.of(), Map.of("reason", ""), Map.of("reason", "upstream_failed"));
  }
}
