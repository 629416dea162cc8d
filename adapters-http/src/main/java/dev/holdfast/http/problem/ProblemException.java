package dev.holdfast.http.problem;

/** Ends a request with a problem document. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized
  private final transient Problem problem;

  /** With the document to answer. */
  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** With a problem of a kind. */
  public ProblemException(ProblemName name, String detail) {
    this(Problem.of(name, detail));
  }

  /** The document to answer. */
  public Problem problem() {
    return problem;
  }
}
