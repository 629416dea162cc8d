package dev.holdfast.postgres.db;

/** The engine's names resolve in its own schema, wherever the connection comes from. */
public final class SearchPath {

  private SearchPath() {}

  /**
   * The value of {@code search_path}: temporary objects of others never hide ours.
   *
   * @param schema a checked identifier
   */
  public static String of(String schema) {
    return '"' + schema + "\", pg_temp";
  }
}
