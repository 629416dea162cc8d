package dev.holdfast.application.worker;

import dev.holdfast.application.loop.Combiner;
import dev.holdfast.application.task.SettleRuns;
import dev.holdfast.domain.value.TaskId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settles a batch, leaving a second word on the same task to the next one. */
final class SettleFlush implements Combiner.Flush<SettleRuns.Settle, SettleRuns.Answer> {

  private final SettleRuns settling;

  SettleFlush(SettleRuns settling) {
    this.settling = settling;
  }

  @Override
  public List<Optional<SettleRuns.Answer>> flush(List<SettleRuns.Settle> items) {
    Set<TaskId> tasks = new HashSet<>();
    List<SettleRuns.Settle> now = new ArrayList<>();
    List<Integer> answerAt = new ArrayList<>();
    for (SettleRuns.Settle item : items) {
      boolean isFirst = tasks.add(item.key().task());
      answerAt.add(isFirst ? now.size() : -1);
      if (isFirst) {
        now.add(item);
      }
    }
    List<SettleRuns.Answer> answers = settling.settle(now);
    return answerAt.stream()
        .map(at -> at < 0 ? Optional.<SettleRuns.Answer>empty() : Optional.of(answers.get(at)))
        .toList();
  }
}
