package dev.holdfast.http.json;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the faults of one document, at most {@value #MOST} of one part. Belongs to one thread.
 */
public final class Faults {

  /** Upper bound of faults that are kept of one part: one task, or the text of a document. */
  public static final int MOST = 50;

  /** From so many on, each further part adds only its first fault: an answer stays readable. */
  private static final int MANY = 2_000;

  private final List<Fault> faults = new ArrayList<>();

  /** Adds a fault, unless there are too many already. */
  public void add(String pointer, String detail) {
    if (faults.size() < MOST) {
      faults.add(new Fault(pointer, detail));
    }
  }

  /** Adds the faults of another part. */
  public void addAll(Faults part) {
    int kept = faults.size() < MANY ? part.faults.size() : Math.min(1, part.faults.size());
    faults.addAll(part.faults.subList(0, kept));
  }

  /** The same faults of a document that stands below a pointer. */
  public Faults below(String pointer) {
    Faults below = new Faults();
    faults.forEach(fault -> below.add(pointer + fault.pointer(), fault.detail()));
    return below;
  }

  /** Whether nothing is wrong. */
  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /** What is wrong, in the order in which it was found. */
  public List<Fault> list() {
    return List.copyOf(faults);
  }
}
