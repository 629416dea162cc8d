package dev.holdfast.domain.run;

import dev.holdfast.domain.Samples;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.TaskError;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Everything that can be done to a task. */
enum Command {
  CLAIM(Place.Ready.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.claim();
    }
  },
  START(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() -> Lifecycle.start(model.task(), held(model), model.now()));
    }
  },
  PROGRESS(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      Progress progress = new Progress(random.nextInt(101), random.nextBoolean() ? "step" : null);
      model.apply(() -> Lifecycle.progress(
          model.task(), held(model), progress, before(model, random), model.now()));
    }
  },
  ASK_CANCEL(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() -> Lifecycle.askCancel(held(model), "asked", model.now()));
    }
  },
  COMPLETE(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      Instant began = before(model, random);
      settle(model, random, new Outcome.Completed(Json.NULL, began, model.now()));
    }
  },
  FAIL(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      TaskError error = TaskError.of(random.nextInt(4) == 0 ? "fatal" : "flaky", "broken");
      boolean mayRetry = random.nextInt(8) > 0;
      settle(model, random, new Outcome.Failed(error, mayRetry, perhaps(model, random)));
    }
  },
  RELEASE(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      settle(model, random, new Outcome.Released(perhaps(model, random)));
    }
  },
  SUSPEND(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      Instant wakeAt = random.nextBoolean() ? model.now().plusSeconds(5) : null;
      settle(model, random, new Outcome.Suspended(wakeAt, before(model, random)));
    }
  },
  WAKE_WHILE_HELD(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.mark(Marks.WAKE);
    }
  },
  LOSE(Place.Held.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(
          () -> Settlement.lose(model.task(), held(model), "its session ended", model.now()));
    }
  },
  CANCEL(Place.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() -> Lifecycle.cancel(model.at(Place.class), "not wanted", model.now()));
    }

    @Override
    int weight() {
      return 1;
    }
  },
  EXPIRE(Place.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() -> Lifecycle.expire(model.at(Place.class), model.now()));
    }

    @Override
    int weight() {
      return 1;
    }
  },
  SATISFY(Place.Blocked.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.satisfyOne();
      Place.Blocked blocked = model.at(Place.Blocked.class);
      if (blocked.open() == 0) {
        model.apply(() -> Lifecycle.unblock(model.task(), blocked, model.now()));
      }
    }
  },
  UPSTREAM_FAILED(Place.Blocked.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() ->
          Lifecycle.upstreamFailed(model.at(Place.Blocked.class), Samples.id(98), model.now()));
    }

    @Override
    int weight() {
      return 1;
    }
  },
  PROMOTE(Place.Scheduled.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() -> Lifecycle.promote(model.at(Place.Scheduled.class)));
    }
  },
  RESUME(Place.Suspended.class) {
    @Override
    void run(TaskModel model, RandomGenerator random) {
      model.apply(() -> Lifecycle.resume(model.at(Place.Suspended.class), model.now()));
    }
  },
  REPLAY(null) {
    @Override
    boolean fits(TaskModel model) {
      return model.place().isEmpty() && model.state() != TaskState.COMPLETED;
    }

    @Override
    void run(TaskModel model, RandomGenerator random) {
      int open = Math.max(0, random.nextInt(4) - 1);
      model.apply(() -> Lifecycle.replay(
          model.task(), model.lastTerminal(), open, Marks.DEPENDANTS, model.now()));
    }
  };

  private final Class<? extends Place> where;

  Command(Class<? extends Place> where) {
    this.where = where;
  }

  /** Whether the task is where this command can find it. */
  boolean fits(TaskModel model) {
    return model.place().filter(where::isInstance).isPresent();
  }

  abstract void run(TaskModel model, RandomGenerator random);

  /** How often it is drawn, compared with the others. */
  int weight() {
    return 4;
  }

  private static Place.Held held(TaskModel model) {
    return model.at(Place.Held.class);
  }

  private static void settle(TaskModel model, RandomGenerator random, Outcome outcome) {
    model.apply(() -> Settlement.settle(model.task(), held(model), outcome, model.now(), random));
  }

  private static Instant before(TaskModel model, RandomGenerator random) {
    return model.now().minusMillis(random.nextInt(100));
  }

  private static Instant perhaps(TaskModel model, RandomGenerator random) {
    return random.nextInt(3) == 0 ? null : before(model, random);
  }
}
