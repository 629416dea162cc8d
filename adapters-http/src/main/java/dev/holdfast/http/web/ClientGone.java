package dev.holdfast.http.web;

/** The client left before it had sent all of its request, or read all of its answer. */
public final class ClientGone extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With how that was noticed. */
  public ClientGone(Throwable cause) {
    super("the client is gone", cause, false, false);
  }
}
