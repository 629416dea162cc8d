package dev.holdfast.postgres.db;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes an array of one dimension as PostgreSQL sends it: a header, then each element's length and
 * bytes. As text each element would be quoted here and parsed there, which is a third of the work
 * of writing a batch. Belongs to one thread.
 */
final class ArrayBytes {

  private static final int HEADER = 20;
  private static final int GAP = -1;
  private static final int MAY_HAVE_GAPS = 1;
  // The server counts from 2000.
  private static final long EPOCH_SECONDS = 946_684_800L;

  private byte[] bytes;
  private int length;

  /** For so many elements of the type with this number. */
  ArrayBytes(int type, int count) {
    bytes = new byte[HEADER + count * 20];
    int4(count == 0 ? 0 : 1);
    int4(MAY_HAVE_GAPS);
    int4(type);
    if (count > 0) {
      int4(count);
      int4(1);
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  void gap() {
    int4(GAP);
  }

  void bool(boolean value) {
    int4(1);
    room(1);
    bytes[length++] = (byte) (value ? 1 : 0);
  }

  void smallint(int value) {
    int4(2);
    room(2);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
  }

  void integer(int value) {
    int4(4);
    int4(value);
  }

  void bigint(long value) {
    int4(8);
    int8(value);
  }

  void real(double value) {
    bigint(Double.doubleToLongBits(value));
  }

  void instant(Instant value) {
    long seconds = Math.subtractExact(value.getEpochSecond(), EPOCH_SECONDS);
    bigint(Math.addExact(Math.multiplyExact(seconds, 1_000_000L), value.getNano() / 1000));
  }

  void uuid(UUID value) {
    int4(16);
    int8(value.getMostSignificantBits());
    int8(value.getLeastSignificantBits());
  }

  void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int4(utf8.length);
    room(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  private void int8(long value) {
    int4((int) (value >> 32));
    int4((int) value);
  }

  private void int4(int value) {
    room(4);
    bytes[length++] = (byte) (value >> 24);
    bytes[length++] = (byte) (value >> 16);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
