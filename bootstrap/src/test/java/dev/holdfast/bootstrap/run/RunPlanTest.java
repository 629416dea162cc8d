package dev.holdfast.bootstrap.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.domain.task.Dependency;
import dev.holdfast.domain.task.NewTask;
import dev.holdfast.domain.task.TaskLink;
import dev.holdfast.domain.value.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlanTest {

  @TempDir
  private Path folder;

  @Test
  void a_graph_that_fits_is_one_batch_as_it_is() {
    assertThat(Chunks.of(List.of(task("b", "a"), task("a")), 2)).containsExactly(List.of(0, 1));
  }

  @Test
  void a_larger_graph_is_cut_such_that_tasks_come_after_what_they_point_to() {
    List<NewTask> graph = List.of(task("d", "c"), task("c", "a"), task("b"), task("a"));

    assertThat(Chunks.of(graph, 2)).containsExactly(List.of(2, 3), List.of(1, 0));
  }

  @Test
  void a_parent_comes_before_its_children() {
    NewTask child = task("child").under(new TaskLink.InBatch("parent"));

    assertThat(Chunks.of(List.of(child, task("parent")), 1))
        .containsExactly(List.of(1), List.of(0));
  }

  @Test
  void random_graphs_are_cut_whole_and_in_order() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      List<NewTask> graph = randomGraph(random, 60);
      List<List<Integer>> chunks = Chunks.of(graph, 7);

      List<Integer> order = chunks.stream().flatMap(List::stream).toList();
      assertThat(order).as("seed %d", seed).hasSize(60).doesNotHaveDuplicates();
      assertThat(chunks).allSatisfy(chunk -> assertThat(chunk).hasSizeLessThanOrEqualTo(7));
      for (int i = 0; i < order.size(); i++) {
        int at = i;
        assertThat(graph.get(order.get(i)).dependsOn())
            .allSatisfy(edge -> assertThat(order.subList(0, at)).contains(position(graph, edge)));
      }
      assertThat(Chunks.of(graph, 7)).isEqualTo(chunks);
    }
  }

  @Test
  void unknown_refs_and_circles_of_a_larger_graph_are_named() {
    assertThatThrownBy(() -> Chunks.of(List.of(task("a", "x"), task("b", "y")), 1))
        .isInstanceOf(DocumentInvalid.class)
        .hasMessageContaining("/tasks/0 points to the unknown ref \"x\"")
        .hasMessageContaining("/tasks/1 points to the unknown ref \"y\"");
    assertThatThrownBy(() -> Chunks.of(List.of(task("a", "b"), task("b", "a"), task("c")), 1))
        .hasMessageContaining("/tasks/0 is in a circle")
        .hasMessageContaining("/tasks/1 is in a circle")
        .hasMessageNotContaining("/tasks/2");
  }

  @Test
  void keys_follow_from_content_position_and_salt() {
    Path salts = folder.resolve("new/salts");

    assertThat(RunKeys.known("d1", salts).of(7)).isEqualTo("d1:7");
    assertThat(RunKeys.fresh("d1", salts).of(7)).isEqualTo("d1.1:7");
    assertThat(RunKeys.fresh("d1", salts).of(7)).isEqualTo("d1.2:7");
    assertThat(RunKeys.known("d1", salts).of(7)).isEqualTo("d1.2:7");
    assertThat(RunKeys.known("d2", salts).of(7)).isEqualTo("d2:7");
  }

  @Test
  void keys_need_a_place_for_their_salts() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> RunKeys.fresh("d", file.resolve("below")))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> RunKeys.known("d", folder)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void files_are_read_as_batches_or_as_lines() {
    String one = "{\"type\":\"echo\"}";

    assertThat(read("x", " {\n\"tasks\":[" + one + "]}").tasks()).hasSize(1);
    assertThat(read("x", one + "\n\n" + one + "\n").tasks()).hasSize(2);
    assertThat(read("x", one).tasks()).hasSize(1);
    assertThat(read("x.ndjson", one + "\n" + one).tasks()).hasSize(2);
    assertThat(read("x.jsonl", one).digest())
        .isEqualTo(read("y.jsonl", one).digest())
        .hasSize(64);
  }

  @Test
  void files_with_faults_are_refused_with_all_of_them() {
    assertThatThrownBy(() -> read("x", "{\"tasks\":[{},{\"type\":\"a b\"}]}"))
        .isInstanceOf(DocumentInvalid.class)
        .hasMessageContaining("x is no document of tasks:")
        .hasMessageContaining("/tasks/0/type")
        .hasMessageContaining("/tasks/1/type");
    assertThatThrownBy(() -> read("x", "nonsense")).isInstanceOf(DocumentInvalid.class);
    String large = "\"" + "x".repeat(1 << 20) + "\"";
    assertThatThrownBy(() -> read("x", "{\"tasks\":[{\"type\":\"a\",\"payload\":" + large + "}]}"))
        .hasMessageContaining("1 MiB");
  }

  @Test
  void a_long_list_of_faults_is_cut() {
    List<String> faults = Collections.nCopies(60, "/x bad");

    assertThat(new DocumentInvalid("what:", faults)).hasMessageEndingWith("… and 10 more");
  }

  private static GraphFile read(String name, String content) {
    return GraphFile.read(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private static List<NewTask> randomGraph(Random random, int size) {
    List<Integer> ranks = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    Collections.shuffle(ranks, random);
    return ranks.stream()
        .map(rank -> task(
            "t" + rank,
            IntStream.range(0, random.nextInt(4))
                .filter(i -> rank > 0)
                .mapToObj(i -> "t" + random.nextInt(rank))
                .toArray(String[]::new)))
        .toList();
  }

  private static int position(List<NewTask> graph, Dependency edge) {
    String ref = ((TaskLink.InBatch) edge.on()).ref();
    return graph.stream().map(NewTask::ref).toList().indexOf(ref);
  }

  private static NewTask task(String ref, String... after) {
    return NewTask.of("echo", Json.EMPTY_OBJECT)
        .named(ref)
        .after(Arrays.stream(after)
            .map(other -> new Dependency(new TaskLink.InBatch(other), true))
            .toList());
  }
}
