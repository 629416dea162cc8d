package dev.holdfast.bootstrap.cli.base;

/** How data are printed. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** One document. */
  JSON,
  /** One document a line. */
  NDJSON
}
