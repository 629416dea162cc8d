package dev.holdfast.http.web;

import java.util.List;

/** One request as it arrived. Belongs to one thread. */
public interface Call {

  /** The method, as it was sent. */
  String method();

  /** The path, still encoded. */
  String path();

  /** What follows the question mark, still encoded; empty when there is none. */
  String query();

  /** The values of a header field; empty when it is absent. */
  List<String> header(String name);

  /** How many header fields there are, repeated ones counted each time. */
  int headerCount();

  /** The address that the client connected to, as a literal. */
  String localAddress();

  /** Whether there is content, or may be. */
  boolean hasBody();

  /**
   * Reads the content.
   *
   * @param limit upper bound in bytes
   * @throws dev.holdfast.http.problem.ProblemException if it is larger, too slow, or if there is
   *     no room for it now
   */
  byte[] body(int limit);
}
