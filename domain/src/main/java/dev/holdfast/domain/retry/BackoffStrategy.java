package dev.holdfast.domain.retry;

/** How the delay grows with the number of failed attempts. */
public enum BackoffStrategy {
  /** Always the base. */
  FIXED,
  /** Base, 2 × base, 3 × base, … */
  LINEAR,
  /** Base, 2 × base, 4 × base, … */
  EXPONENTIAL
}
