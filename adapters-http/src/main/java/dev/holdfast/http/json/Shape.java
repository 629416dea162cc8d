package dev.holdfast.http.json;

/**
 * What a document may look like.
 *
 * @param maxDepth how deep objects and arrays may be nested
 * @param opaqueName a member that is kept as its source text
 * @param opaqueDepth the depth of the objects that have it; the root is at 1, 0 means none
 */
public record Shape(int maxDepth, String opaqueName, int opaqueDepth) {

  /** The limit on nesting of the contract. */
  public static final int MAX_DEPTH = 64;

  /** A document without an opaque member. */
  public static final Shape PLAIN = new Shape(MAX_DEPTH, "", 0);

  /** One object with an opaque member. */
  public static Shape single(String opaqueName) {
    return new Shape(MAX_DEPTH, opaqueName, 1);
  }

  /** An object with a list of such objects, each of which may be as deep as a single one. */
  public static Shape list(String opaqueName) {
    return new Shape(MAX_DEPTH + 2, opaqueName, 3);
  }
}
