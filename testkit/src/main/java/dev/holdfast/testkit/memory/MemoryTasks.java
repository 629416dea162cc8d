package dev.holdfast.testkit.memory;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.domain.port.read.Stats;
import dev.holdfast.domain.port.read.TaskFilter;
import dev.holdfast.domain.port.read.TaskQueries;
import dev.holdfast.domain.port.read.TaskView;
import dev.holdfast.domain.port.read.Upstream;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.Lane;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.QueueName;
import dev.holdfast.domain.value.TaskId;
import dev.holdfast.testkit.memory.data.TaskBook;
import dev.holdfast.testkit.memory.data.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads of tasks, each under the lock. */
record MemoryTasks(World world) implements TaskQueries {

  private static final Duration RECENT = Duration.ofSeconds(10);

  @Override
  public Optional<TaskView> find(TaskId task) {
    return world.read(
        () -> Optional.ofNullable(world.tasks().find(task)).map(new TaskViews(world)::full));
  }

  @Override
  public List<TaskView> list(TaskFilter filter, int limit) {
    TaskViews views = new TaskViews(world);
    return world.read(() -> world.tasks().newestFirst().stream()
        .filter(row -> matches(filter, row.definition()))
        .filter(row -> filter.state() == null || filter.state() == views.state(row))
        .limit(limit)
        .map(views::brief)
        .toList());
  }

  private static boolean matches(TaskFilter filter, TaskDefinition task) {
    return same(filter.namespace(), task.address().namespace())
        && same(filter.type(), task.address().type())
        && same(filter.queue(), task.address().queue())
        && same(filter.parent(), task.identity().parent())
        && (filter.tag() == null || task.identity().tags().contains(filter.tag()))
        && (filter.before() == null || task.id().compareTo(filter.before()) < 0);
  }

  private static boolean same(@Nullable Object wanted, @Nullable Object actual) {
    return wanted == null || wanted.equals(actual);
  }

  @Override
  public List<Upstream> upstream(TaskId task) {
    return world.read(
        () -> world.edges().upstream(task).stream().map(this::upstream).toList());
  }

  private Upstream upstream(Edge edge) {
    TaskView view = new TaskViews(world).full(world.tasks().get(edge.upstream()));
    return new Upstream(
        edge.upstream(),
        view.definition().identity().ref(),
        edge.required(),
        view.state(),
        view.result());
  }

  @Override
  public List<Lane> lanesAfter(int number) {
    return world.read(() -> world.lanes().after(number));
  }

  @Override
  public Stats stats() {
    return world.read(() -> {
      Instant now = world.now();
      Map<QueueName, Map<TaskState, Long>> queues = world.counts().ended();
      OptionalLong oldest = countLive(queues);
      queues.values().forEach(states -> states.values().removeIf(count -> count == 0));
      queues.values().removeIf(Map::isEmpty);
      Instant since =
          oldest.isPresent() ? Instant.EPOCH.plus(oldest.getAsLong(), ChronoUnit.MICROS) : null;
      return new Stats(queues, since, world.counts().completedAfter(now.minus(RECENT)), now);
    });
  }

  private OptionalLong countLive(Map<QueueName, Map<TaskState, Long>> queues) {
    for (Place place : world.places().all()) {
      QueueName queue = definition(place).address().queue();
      queues.computeIfAbsent(queue, ignored -> new HashMap<>()).merge(place.state(), 1L, Long::sum);
    }
    return world.places().all().stream()
        .filter(Place.Ready.class::isInstance)
        .mapToLong(place -> definition(place).order())
        .min();
  }

  private TaskDefinition definition(Place place) {
    return world.tasks().get(place.run().task()).definition();
  }

  @Override
  public Map<TaskId, TaskState> states(List<TaskId> tasks) {
    TaskViews views = new TaskViews(world);
    return world.read(() -> tasks.stream()
        .distinct()
        .filter(world.tasks()::has)
        .map(world.tasks()::get)
        .collect(toMap((TaskBook.Row row) -> row.definition().id(), views::state)));
  }
}
