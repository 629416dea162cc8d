package dev.holdfast.application.cluster;

import dev.holdfast.application.loop.Loop;
import java.time.Duration;

/**
 * Ends a lead whose time is up while the loop that renews it waits for the storage. Never asks the
 * storage itself.
 */
public record LeadDeadline(Lead lead) implements Loop {

  private static final Duration LOOK = Duration.ofMillis(100);

  @Override
  public String name() {
    return "lead-deadline";
  }

  @Override
  public Duration tick() {
    lead.demoteIfLate();
    return LOOK;
  }
}
