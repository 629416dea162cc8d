package dev.holdfast.bootstrap.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; names every problem at once. */
public final class ConfigInvalid extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** With at least one problem. */
  public ConfigInvalid(List<ConfigProblem> problems) {
    super(text(problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the table of settings. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  private static String text(List<ConfigProblem> problems) {
    String count = problems.size() == 1 ? "one problem" : problems.size() + " problems";
    return problems.stream()
        .map(problem -> "\n  " + problem)
        .collect(Collectors.joining("", "the configuration has " + count + ":", ""));
  }
}
