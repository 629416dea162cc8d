package dev.holdfast.application.task;

import dev.holdfast.domain.port.tx.Birth;
import dev.holdfast.domain.port.tx.Dependencies.Edge;
import dev.holdfast.domain.port.tx.StorageTx;
import dev.holdfast.domain.port.tx.Tally;
import dev.holdfast.domain.run.Lifecycle;
import dev.holdfast.domain.run.Marks;
import dev.holdfast.domain.run.Place;
import dev.holdfast.domain.run.RunEnd;
import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.Due;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskDefinition;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.task.TaskState;
import dev.holdfast.domain.value.TaskId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes new tasks: each with its place, or with its end when a required dependency is bad. */
final class Nursery {

  private final StorageTx tx;
  private final Ledger ledger;
  private final Upstreams upstreams;
  private final Instant now;
  private final List<Birth> births = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final List<RunEnd> ends = new ArrayList<>();
  private final List<Tally> tallies = new ArrayList<>();
  private final Map<TaskId, Instant> expiries = new HashMap<>();

  /** For tasks that are born {@code now}. */
  Nursery(Ledger ledger, Upstreams upstreams, Instant now) {
    this.tx = ledger.tx();
    this.ledger = ledger;
    this.upstreams = upstreams;
    this.now = now.truncatedTo(ChronoUnit.MICROS);
  }

  void bear(Collection<Intake.Pending> batches) {
    batches.forEach(this::bear);
    ledger.create(births);
    if (!edges.isEmpty()) {
      tx.dependencies().link(edges);
    }
    if (!ends.isEmpty()) {
      tx.facts().end(ends);
      tx.facts().count(tallies);
    }
    if (!expiries.isEmpty()) {
      tx.places().expireAt(expiries);
    }
  }

  private void bear(Intake.Pending batch) {
    Set<Integer> upstreamOfOthers = upstreamInBatch(batch);
    for (int index : batch.submission.order()) {
      if (batch.isNew(index)) {
        bear(batch, index, upstreamOfOthers.contains(index));
      }
    }
  }

  private void bear(Intake.Pending batch, int index, boolean hasDependants) {
    TaskDefinition definition = define(batch, index);
    Links links = link(batch, index, definition.id());
    if (links.bad != null) {
      stillborn(batch, index, definition, links.bad);
      return;
    }
    Place place =
        Lifecycle.born(definition, links.live, hasDependants ? Marks.DEPENDANTS : Marks.NONE);
    births.add(new Birth(definition, batch.task(index).payload(), place));
    ledger.born(place);
    batch.born(index, place.state());
    Instant expiry = definition.expiryFrom(now);
    if (expiry != null) {
      expiries.put(definition.id(), expiry);
    }
  }

  /** How many upstream tasks still live, and the first required one that has ended badly. */
  private record Links(int live, @Nullable TaskId bad) {

    static final Links NONE = new Links(0, null);
  }

  private Links link(Intake.Pending batch, int index, TaskId down) {
    List<Dependency> dependencies = batch.task(index).dependsOn();
    if (dependencies.isEmpty()) {
      return Links.NONE;
    }
    // A ref and an id may name the same task: it is waited for once.
    Map<TaskId, Boolean> upstream = new LinkedHashMap<>();
    Set<TaskId> live = new HashSet<>();
    TaskId bad = null;
    for (Dependency dependency : dependencies) {
      TaskId up = idOf(batch, dependency.on());
      upstream.merge(up, dependency.required(), Boolean::logicalOr);
      TaskState end = endOf(batch, dependency.on());
      if (end == null) {
        live.add(up);
      } else if (dependency.required() && end != TaskState.COMPLETED && bad == null) {
        bad = up;
      }
    }
    upstream.forEach((up, required) -> edges.add(new Edge(up, down, required)));
    return new Links(live.size(), bad);
  }

  private void stillborn(
      Intake.Pending batch, int index, TaskDefinition definition, TaskId upstream) {
    births.add(new Birth(definition, batch.task(index).payload(), null));
    ends.add(Lifecycle.stillborn(definition, upstream));
    tallies.add(new Tally(definition.address().queue(), TaskState.CANCELLED, 1));
    batch.born(index, TaskState.CANCELLED);
    ledger.ended(definition.id(), TaskState.CANCELLED);
  }

  private TaskDefinition define(Intake.Pending batch, int index) {
    NewTask task = batch.task(index);
    TaskLink parent = task.parent();
    return new TaskDefinition(
        batch.id(index),
        task.address(),
        task.priority(),
        task.policy(),
        task.constraints(),
        new TaskDefinition.Identity(
            task.idempotencyKey(),
            parent == null ? null : idOf(batch, parent),
            task.ref(),
            task.tags()),
        now,
        dueAt(task.due()));
  }

  private @Nullable Instant dueAt(Due due) {
    Instant at = switch (due) {
      case Due.Now ignored -> now;
      case Due.At exact -> exact.instant();
      case Due.After after -> now.plus(after.delay());
    };
    return at.isAfter(now) ? at.truncatedTo(ChronoUnit.MICROS) : null;
  }

  private static TaskId idOf(Intake.Pending batch, TaskLink link) {
    return switch (link) {
      case TaskLink.Existing existing -> existing.task();
      case TaskLink.InBatch ref ->
        batch.id(Objects.requireNonNull(batch.submission.refs().get(ref.ref())));
    };
  }

  /** The state that the task behind a link has ended in; null while it lives. */
  private @Nullable TaskState endOf(Intake.Pending batch, TaskLink link) {
    return Upstreams.target(batch, link)
        .map(upstreams::endOf)
        .orElseGet(() -> stillbornInBatch(batch, link));
  }

  private static @Nullable TaskState stillbornInBatch(Intake.Pending batch, TaskLink link) {
    if (link instanceof TaskLink.InBatch ref) {
      Integer index = batch.submission.refs().get(ref.ref());
      TaskState state = batch.state(Objects.requireNonNull(index));
      return state == TaskState.CANCELLED ? state : null;
    }
    return null;
  }

  private static Set<Integer> upstreamInBatch(Intake.Pending batch) {
    Set<Integer> upstream = new HashSet<>();
    for (NewTask task : batch.submission.tasks()) {
      for (Dependency dependency : task.dependsOn()) {
        if (dependency.on() instanceof TaskLink.InBatch ref) {
          upstream.add(Objects.requireNonNull(batch.submission.refs().get(ref.ref())));
        }
      }
    }
    return upstream;
  }
}
