package dev.holdfast.postgres.row;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.retry.RetryPolicy;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.Run;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.WorkerLoss;
import java.util.List;

/** The bits of {@code task.flags}: how it was born, and the marks it was born with. */
public final class TaskFlags {

  static final int BORN_READY = 256;
  static final int BORN_SCHEDULED = 512;
  static final int FAIL_WHEN_LOST = 1024;

  /** The marks of its place. */
  public static final int MARKS = 255;

  private TaskFlags() {}

  /** Whether a policy is the default one but for its errors, which have a column of their own. */
  public static boolean isDefault(RetryPolicy retry) {
    return retry.equals(RetryPolicy.DEFAULT)
        || retry.withNonRetryable(List.of()).equals(RetryPolicy.DEFAULT);
  }

  /** Those of a new task. */
  public static int of(Birth birth) {
    int flags = birth.definition().policy().onWorkerLoss() == WorkerLoss.FAIL ? FAIL_WHEN_LOST : 0;
    Place place = birth.place();
    if (place == null) {
      return flags;
    }
    flags |= place.run().marks().bits();
    if (!tellPlace(birth)) {
      return flags;
    }
    return flags | (place instanceof Place.Ready ? BORN_READY : BORN_SCHEDULED);
  }

  /** Whether the place follows from the flags and the definition alone, as nearly always. */
  public static boolean tellPlace(Birth birth) {
    Place place = birth.place();
    return switch (place) {
      case null -> true;
      case Place.Ready ready -> isFirst(ready.run(), 1);
      case Place.Scheduled scheduled ->
        isFirst(scheduled.run(), 2)
            && scheduled.dueAt().equals(birth.definition().dueAt());
      case Place.Blocked blocked -> false;
      case Place.Suspended suspended -> false;
      case Place.Held held -> false;
    };
  }

  /**
   * Whether tasks are ready, have nothing that most tasks have not, and differ in their ids and
   * payloads only.
   */
  public static boolean areAlike(List<Birth> births) {
    if (births.isEmpty()) {
      return false;
    }
    Birth first = births.getFirst();
    int flags = of(first);
    for (Birth birth : births) {
      boolean isAlike =
          isBare(birth) && of(birth) == flags && isAlike(first.definition(), birth.definition());
      if (!isAlike) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlike(TaskDefinition first, TaskDefinition other) {
    return other.priority() == first.priority()
        && other.policy().maxAttempts() == first.policy().maxAttempts()
        && other.createdAt().equals(first.createdAt())
        && other.address().equals(first.address())
        && other.constraints().equals(first.constraints());
  }

  private static boolean isBare(Birth birth) {
    TaskDefinition task = birth.definition();
    return birth.place() instanceof Place.Ready
        && tellPlace(birth)
        && task.dueAt() == null
        && task.identity().equals(TaskDefinition.Identity.NONE)
        && task.policy().retry().equals(RetryPolicy.DEFAULT)
        && task.policy().timeout() == null
        && task.policy().expiresIn() == null;
  }

  private static boolean isFirst(Run run, int version) {
    return run.key().number() == 1 && run.attempt() == 1 && run.version() == version;
  }
}
