package dev.holdfast.bootstrap.handlers.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a stream to its end and keeps its beginning and its end within a bound, so that a program
 * can write as much as it likes without waiting and without filling the memory. One thread reads,
 * another may ask for what is there.
 */
final class Capture {

  private final byte[] head;
  private final byte[] tail;
  private long total;

  /** Keeps at most {@code bound} bytes. */
  Capture(int bound) {
    head = new byte[bound / 2];
    tail = new byte[bound - bound / 2];
  }

  /** Reads until the end of the stream; a stream that is closed meanwhile has ended as well. */
  void drain(InputStream stream) {
    byte[] buffer = new byte[8192];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        keep(buffer, read);
      }
    } catch (IOException e) {
      // The process was killed, or left its stream open and was given up.
    }
  }

  private synchronized void keep(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      if (total < head.length) {
        head[(int) total] = buffer[i];
      } else {
        tail[(int) ((total - head.length) % tail.length)] = buffer[i];
      }
      total++;
    }
  }

  /** All of it, or its beginning and its end with a mark between when it exceeds the bound. */
  synchronized String text(int bound) {
    byte[] kept = kept();
    if (total <= Math.min(bound, kept.length)) {
      return decode(kept, 0, kept.length);
    }
    int half = Math.min(bound, kept.length) / 2;
    long missing = total - 2L * half;
    return decode(kept, 0, half)
        + "\n[… " + missing + " bytes left out …]\n"
        + decode(kept, kept.length - half, half);
  }

  /** At most so many bytes from the end. */
  synchronized String end(int bound) {
    byte[] kept = kept();
    int length = Math.min(bound, kept.length);
    return decode(kept, kept.length - length, length);
  }

  private byte[] kept() {
    if (total <= head.length) {
      return Arrays.copyOf(head, (int) total);
    }
    int inTail = (int) Math.min(total - head.length, tail.length);
    int oldest =
        total - head.length <= tail.length ? 0 : (int) ((total - head.length) % tail.length);
    byte[] kept = Arrays.copyOf(head, head.length + inTail);
    System.arraycopy(tail, oldest, kept, head.length, inTail - oldest);
    System.arraycopy(tail, 0, kept, head.length + inTail - oldest, oldest);
    return kept;
  }

  /** U+0000 has no place in a result: not every storage can keep it. */
  private static String decode(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
  }
}
