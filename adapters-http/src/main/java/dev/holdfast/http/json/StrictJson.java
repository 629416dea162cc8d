package dev.holdfast.http.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * The one way in which documents from outside are parsed. Refuses, with a pointer for each fault:
 * broken syntax, repeated members, bytes that are not UTF-8, a byte order mark, lone surrogates and
 * U+0000 (escaped ones too, in names too), too deep nesting, numbers of more than {@value
 * #MAX_DIGITS} digits or with exponents beyond ±{@value #MAX_EXPONENT}, and trailing content. Safe
 * for concurrent use.
 */
public final class StrictJson {

  /** Upper bound of the digits of a number. */
  public static final int MAX_DIGITS = 100;

  /** Upper bound of the exponent of a number, in both directions. */
  public static final int MAX_EXPONENT = 400;

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          // The reader counts for itself, to name the pointer; this is only a net below it.
          .maxNestingDepth(4 * Shape.MAX_DEPTH)
          .build())
      .build();

  private StrictJson() {}

  /**
   * Parses a document.
   *
   * @return the value, or null when {@code faults} has some now
   */
  public static @Nullable JsonValue parse(byte[] utf8, Shape shape, Faults faults) {
    String text = Utf8.decode(utf8, faults);
    return text == null ? null : parse(text, shape, faults);
  }

  private static @Nullable JsonValue parse(String text, Shape shape, Faults faults) {
    TreeReader reader = new TreeReader(text, shape, faults);
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonValue value = reader.document(parser);
      return faults.isEmpty() ? value : null;
    } catch (TreeReader.TooDeep e) {
      faults.add(e.pointer, "nested deeper than " + Shape.MAX_DEPTH + " levels");
      return null;
    } catch (JacksonException e) {
      faults.add(reader.pointer(), "not JSON: " + said(e));
      return null;
    }
  }

  private static String said(JacksonException e) {
    String message = e.getOriginalMessage();
    String firstLine = message.lines().findFirst().orElse("unreadable");
    // What follows names the parser's configuration, not the document.
    int aside = firstLine.indexOf(" (start marker");
    String plain = aside < 0 ? firstLine : firstLine.substring(0, aside);
    String where = e.getLocation() == null
        ? ""
        : " (line " + e.getLocation().getLineNr() + ", column "
            + e.getLocation().getColumnNr() + ")";
    return Shown.of(plain, 200) + where;
  }
}
