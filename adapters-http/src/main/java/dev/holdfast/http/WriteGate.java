package dev.holdfast.http;

import dev.holdfast.domain.value.NodeId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says whether this node may take writes over HTTP. Safe for concurrent use; never blocks. */
@FunctionalInterface
public interface WriteGate {

  /** Every node takes writes. */
  WriteGate ALWAYS = Open::new;

  /** Asked anew for every write. */
  Position look();

  /** Whether a write may pass. */
  sealed interface Position {}

  /** It may. */
  record Open() implements Position {}

  /**
   * It may not: another node leads, or none does.
   *
   * @param leader null when there is none
   */
  record Closed(@Nullable Leader leader) implements Position {}

  /**
   * Who takes writes.
   *
   * @param address base URL; empty when it has none
   */
  record Leader(NodeId node, String address) {

    public Leader {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(address, "address");
    }
  }
}
