package dev.holdfast.application.cluster;

import dev.holdfast.domain.port.node.Term;

/** A leader-only write was refused, since its term is over. Nothing was changed. */
public final class Demoted extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Demoted(Term term) {
    super("term " + term + " is over");
  }
}
