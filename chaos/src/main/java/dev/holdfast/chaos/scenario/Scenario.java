package dev.holdfast.chaos.scenario;

import dev.holdfast.chaos.Report;
import dev.holdfast.chaos.stage.Stage;

/** A fault, or a series of them, against a fresh stage. */
public interface Scenario {

  /** For people and for choosing it. */
  String name();

  /**
   * Does it.
   *
   * @param rounds how often the fault is made; each scenario has its own unit
   * @throws IllegalStateException if what was promised did not happen
   */
  void run(Stage stage, Report report, int rounds) throws Exception;
}
