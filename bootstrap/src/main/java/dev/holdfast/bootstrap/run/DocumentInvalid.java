package dev.holdfast.bootstrap.run;

import java.util.List;

/** A document of tasks cannot be run; says everything that is wrong with it. */
public final class DocumentInvalid extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 50;

  /** With one sentence a fault, each beginning with a JSON pointer. */
  public DocumentInvalid(String what, List<String> faults) {
    super(text(what, faults));
  }

  private static String text(String what, List<String> faults) {
    StringBuilder text = new StringBuilder(what);
    faults.stream().limit(MOST_SHOWN).forEach(fault -> text.append("\n  ").append(fault));
    if (faults.size() > MOST_SHOWN) {
      text.append("\n  … and ").append(faults.size() - MOST_SHOWN).append(" more");
    }
    return text.toString();
  }
}
