package dev.holdfast.http.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes UTF-8 and refuses what is not: overlong forms, surrogates, cut sequences. */
final class Utf8 {

  private Utf8() {}

  /** The text, or null after a fault was added. */
  static @Nullable String decode(byte[] bytes, Faults faults) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    // Whatever is malformed was replaced by this character: without it there was nothing.
    if (text.indexOf('\uFFFD') >= 0 && !isWellFormed(bytes, faults)) {
      return null;
    }
    if (text.startsWith("\uFEFF")) {
      faults.add("", "must not begin with a byte order mark");
      return null;
    }
    return text;
  }

  private static boolean isWellFormed(byte[] bytes, Faults faults) {
    CharsetDecoder decoder = StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (decoder.decode(in, CharBuffer.allocate(bytes.length), true).isError()) {
      faults.add("", "not UTF-8: the bytes at offset " + in.position() + " are malformed");
      return false;
    }
    return true;
  }
}
