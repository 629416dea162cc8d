package dev.holdfast.http.json;

import java.util.Objects;

/**
 * One thing that is wrong with a document.
 *
 * @param pointer a JSON pointer to the member; for a query parameter its name after a slash
 * @param detail what is wrong, for people
 */
public record Fault(String pointer, String detail) {

  public Fault {
    Objects.requireNonNull(pointer, "pointer");
    Objects.requireNonNull(detail, "detail");
  }
}
