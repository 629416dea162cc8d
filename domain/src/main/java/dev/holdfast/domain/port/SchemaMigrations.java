package dev.holdfast.domain.port;

import java.util.List;

/** The versions of a storage's schema. */
public interface SchemaMigrations {

  /** Every known version in order, applied or not. */
  List<Step> status();

  /** Applies what is missing. Idempotent. */
  List<Step> up();

  /**
   * Takes the newest applied steps back, each in one transaction with its entry in the history.
   *
   * @param steps how many; at most as many as are applied
   * @throws IllegalArgumentException if fewer are applied; nothing is changed then
   */
  List<Step> down(int steps);

  /** The statements that {@link #up} would run, for people who run them by themselves. */
  String print();

  /** One version. */
  record Step(int version, String description, boolean applied) {}
}
