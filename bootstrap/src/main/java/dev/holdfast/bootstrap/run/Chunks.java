package dev.holdfast.bootstrap.run;

import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Cuts a graph that is larger than a batch into batches, such that whatever a task points to is in
 * its own batch or in an earlier one. The same graph is always cut alike.
 */
final class Chunks {

  private final List<NewTask> tasks;
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  private Chunks(List<NewTask> tasks) {
    this.tasks = tasks;
    IntStream.range(0, tasks.size())
        .filter(i -> tasks.get(i).ref() != null)
        .forEach(i -> positions.put(tasks.get(i).ref(), i));
  }

  /**
   * The positions of the tasks, batch by batch. A graph that fits into one is left as it is: the
   * one who takes the batch finds its faults.
   *
   * @throws DocumentInvalid if a larger graph has unknown refs or goes in a circle
   */
  static List<List<Integer>> of(List<NewTask> tasks, int most) {
    if (tasks.size() <= most) {
      return List.of(IntStream.range(0, tasks.size()).boxed().toList());
    }
    return cut(new Chunks(tasks).order(), most);
  }

  private List<Integer> order() {
    int[] open = new int[tasks.size()];
    List<List<Integer>> followers = new ArrayList<>();
    tasks.forEach(task -> followers.add(new ArrayList<>()));
    for (int i = 0; i < tasks.size(); i++) {
      for (int before : predecessors(i)) {
        followers.get(before).add(i);
        open[i]++;
      }
    }
    requireNoFaults("the graph points to tasks that it does not have:");
    List<Integer> order = walk(open, followers);
    if (order.size() < tasks.size()) {
      IntStream.range(0, tasks.size())
          .filter(i -> open[i] > 0)
          .forEach(i -> faults.add("/tasks/" + i + " is in a circle, or behind one"));
      requireNoFaults("dependsOn and parent go in a circle, in a graph of more than one batch:");
    }
    return order;
  }

  /** Of the tasks that could be next, always the one that is first in the file. */
  private static List<Integer> walk(int[] open, List<List<Integer>> followers) {
    var next = new PriorityQueue<Integer>();
    IntStream.range(0, open.length).filter(i -> open[i] == 0).forEach(next::add);
    var order = new ArrayList<Integer>();
    while (!next.isEmpty()) {
      int position = next.remove();
      order.add(position);
      for (int follower : followers.get(position)) {
        open[follower]--;
        if (open[follower] == 0) {
          next.add(follower);
        }
      }
    }
    return order;
  }

  private List<Integer> predecessors(int position) {
    NewTask task = tasks.get(position);
    Stream<TaskLink> parent = task.parent() == null ? Stream.empty() : Stream.of(task.parent());
    var found = new ArrayList<Integer>();
    Stream.concat(task.dependsOn().stream().map(Dependency::on), parent).forEach(link -> {
      if (link instanceof TaskLink.InBatch inBatch) {
        Integer before = positions.get(inBatch.ref());
        if (before == null) {
          faults.add("/tasks/" + position + " points to the unknown ref \"" + inBatch.ref() + '"');
        } else {
          found.add(before);
        }
      }
    });
    return found;
  }

  private void requireNoFaults(String what) {
    if (!faults.isEmpty()) {
      throw new DocumentInvalid(what, faults);
    }
  }

  private static List<List<Integer>> cut(List<Integer> order, int most) {
    var chunks = new ArrayList<List<Integer>>();
    for (int from = 0; from < order.size(); from += most) {
      chunks.add(List.copyOf(order.subList(from, Math.min(order.size(), from + most))));
    }
    return chunks;
  }
}
