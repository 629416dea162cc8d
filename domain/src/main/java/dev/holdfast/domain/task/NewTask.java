package dev.holdfast.domain.task;

import dev.holdfast.domain.placement.Constraints;
import dev.holdfast.domain.value.Json;
import dev.holdfast.domain.value.Names;
import dev.holdfast.domain.value.QueueName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task as its submitter describes it. Start from {@link #of} and change what differs.
 *
 * @param payload for the handler; at most {@value #MAX_PAYLOAD_BYTES} bytes of UTF-8
 * @param priority 0 (most urgent) to 9
 * @param idempotencyKey 1..{@value #MAX_KEY_LENGTH} characters, unique in the namespace
 * @param dependsOn at most {@value #MAX_DEPENDENCIES}
 * @param parent organisational only
 * @param ref names the task inside its batch
 * @param tags at most {@value #MAX_TAGS}, without repetition
 */
public record NewTask(
    TaskAddress address,
    Json payload,
    int priority,
    Due due,
    RunPolicy policy,
    Constraints constraints,
    @Nullable String idempotencyKey,
    List<Dependency> dependsOn,
    @Nullable TaskLink parent,
    @Nullable String ref,
    List<String> tags) {

  /** Upper bound of a payload and of a result. */
  public static final int MAX_PAYLOAD_BYTES = 1 << 20;

  /** Upper bound in characters of an idempotency key. */
  public static final int MAX_KEY_LENGTH = 255;

  /** Upper bound of dependencies. */
  public static final int MAX_DEPENDENCIES = 10_000;

  /** Upper bound of tags. */
  public static final int MAX_TAGS = 50;

  /** The least urgent priority. */
  public static final int MAX_PRIORITY = 9;

  /** The priority of a task that names none. */
  public static final int DEFAULT_PRIORITY = 5;

  public NewTask {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(constraints, "constraints");
    if (payload.text().length() > MAX_PAYLOAD_BYTES || payload.sizeInBytes() > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException("payload must have at most 1 MiB");
    }
    if (priority < 0 || priority > MAX_PRIORITY) {
      throw new IllegalArgumentException("priority must be 0..9, got " + priority);
    }
    if (idempotencyKey != null) {
      Names.free("idempotencyKey", idempotencyKey, MAX_KEY_LENGTH);
    }
    if (ref != null) {
      Names.free("ref", ref);
    }
    dependsOn = List.copyOf(dependsOn);
    tags = List.copyOf(new LinkedHashSet<>(tags));
    requireAtMost("dependsOn", dependsOn.size(), MAX_DEPENDENCIES);
    requireAtMost("tags", tags.size(), MAX_TAGS);
    tags.forEach(tag -> Names.free("tag", tag));
  }

  /** A task of this type with every default. */
  public static NewTask of(String type, Json payload) {
    return new NewTask(
        TaskAddress.of(type),
        payload,
        DEFAULT_PRIORITY,
        Due.NOW,
        RunPolicy.DEFAULT,
        Constraints.NONE,
        null,
        List.of(),
        null,
        null,
        List.of());
  }

  /** The same in another namespace or queue. */
  public NewTask at(TaskAddress other) {
    return new NewTask(
        other,
        payload,
        priority,
        due,
        policy,
        constraints,
        idempotencyKey,
        dependsOn,
        parent,
        ref,
        tags);
  }

  /** The same in another queue. */
  public NewTask inQueue(String queue) {
    return at(new TaskAddress(address.namespace(), new QueueName(queue), address.type()));
  }

  /** The same with another priority. */
  public NewTask withPriority(int other) {
    return new NewTask(
        address,
        payload,
        other,
        due,
        policy,
        constraints,
        idempotencyKey,
        dependsOn,
        parent,
        ref,
        tags);
  }

  /** The same with another due time. */
  public NewTask due(Due other) {
    return new NewTask(
        address,
        payload,
        priority,
        other,
        policy,
        constraints,
        idempotencyKey,
        dependsOn,
        parent,
        ref,
        tags);
  }

  /** The same with another policy. */
  public NewTask withPolicy(RunPolicy other) {
    return new NewTask(
        address,
        payload,
        priority,
        due,
        other,
        constraints,
        idempotencyKey,
        dependsOn,
        parent,
        ref,
        tags);
  }

  /** The same with other constraints. */
  public NewTask withConstraints(Constraints other) {
    return new NewTask(
        address,
        payload,
        priority,
        due,
        policy,
        other,
        idempotencyKey,
        dependsOn,
        parent,
        ref,
        tags);
  }

  /** The same under an idempotency key. */
  public NewTask withKey(String key) {
    return new NewTask(
        address, payload, priority, due, policy, constraints, key, dependsOn, parent, ref, tags);
  }

  /** The same with other dependencies. */
  public NewTask after(List<Dependency> others) {
    return new NewTask(
        address,
        payload,
        priority,
        due,
        policy,
        constraints,
        idempotencyKey,
        others,
        parent,
        ref,
        tags);
  }

  /** The same under a parent. */
  public NewTask under(TaskLink other) {
    return new NewTask(
        address,
        payload,
        priority,
        due,
        policy,
        constraints,
        idempotencyKey,
        dependsOn,
        other,
        ref,
        tags);
  }

  /** The same with a name inside its batch. */
  public NewTask named(String other) {
    return new NewTask(
        address,
        payload,
        priority,
        due,
        policy,
        constraints,
        idempotencyKey,
        dependsOn,
        parent,
        other,
        tags);
  }

  /** The same with other tags. */
  public NewTask tagged(String... others) {
    return new NewTask(
        address,
        payload,
        priority,
        due,
        policy,
        constraints,
        idempotencyKey,
        dependsOn,
        parent,
        ref,
        List.of(others));
  }

  private static void requireAtMost(String name, int size, int bound) {
    if (size > bound) {
      throw new IllegalArgumentException(
          name + " must have at most " + bound + " entries, got " + size);
    }
  }
}
