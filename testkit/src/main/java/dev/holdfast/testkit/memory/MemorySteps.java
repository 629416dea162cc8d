package dev.holdfast.testkit.memory;

import dev.holdfast.domain.port.history.StepResult;
import dev.holdfast.domain.port.history.Steps;
import dev.holdfast.domain.run.Place.Held;
import dev.holdfast.domain.run.RunKey;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.World;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The results of steps. */
record MemorySteps(World world) implements Steps {

  @Override
  public Map<RunKey, Map<String, Json>> record(Collection<StepResult> results) {
    Map<RunKey, Map<String, Json>> standing = new HashMap<>();
    for (StepResult result : results) {
      if (isHeld(result)) {
        standing
            .computeIfAbsent(result.run(), run -> new HashMap<>())
            .put(result.key(), standing(result));
      }
    }
    return standing;
  }

  private boolean isHeld(StepResult result) {
    return world.places().find(result.run().task()) instanceof Held held
        && held.run().key().equals(result.run())
        && held.lease().session().equals(result.session());
  }

  private Json standing(StepResult result) {
    TaskId task = result.run().task();
    Json present = world.steps().find(task, result.key());
    if (present != null) {
      return present;
    }
    world.steps().add(task, result.key(), result.result());
    return result.result();
  }

  @Override
  public Map<String, Json> of(TaskId task) {
    return world.steps().of(task);
  }
}
