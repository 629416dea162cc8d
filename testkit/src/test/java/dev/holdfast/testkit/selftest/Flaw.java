package dev.holdfast.testkit.selftest;

import dev.holdfast.domain.port.Storage;
import dev.holdfast.testkit.harness.StorageContract;
import java.util.function.UnaryOperator;

/**
 * One way to be wrong, and the rule that finds it.
 *
 * @param rule the test method that must fail
 */
record Flaw(
    String what,
    Class<? extends StorageContract> contract,
    String rule,
    UnaryOperator<Storage> breaking) {

  @Override
  public String toString() {
    return what + " breaks " + rule;
  }
}
