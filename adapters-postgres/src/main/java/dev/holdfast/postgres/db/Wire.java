package dev.holdfast.postgres.db;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.Oid;

/**
 * Writes values as PostgreSQL itself sends them, each with its length before it: an array of one
 * dimension, or the rows of a {@code COPY}. As text each value would be quoted here and parsed
 * there, which is a third of the work of writing a batch. Belongs to one thread.
 */
public final class Wire {

  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', -1, '\r', '\n', 0};
  private static final int GAP = -1;
  private static final int END_OF_ROWS = -1;
  private static final int MAY_HAVE_GAPS = 1;
  // The server counts from 2000.
  private static final long EPOCH_SECONDS = 946_684_800L;

  private byte[] bytes;
  private int length;

  private Wire(int capacity) {
    bytes = new byte[capacity];
  }

  /** An array for so many elements of the type with this number. */
  static Wire array(int type, int count) {
    Wire array = new Wire(20 + count * 20);
    array.int4(count == 0 ? 0 : 1);
    array.int4(MAY_HAVE_GAPS);
    array.int4(type);
    if (count > 0) {
      array.int4(count);
      array.int4(1);
    }
    return array;
  }

  /** The rows of a {@code COPY … (FORMAT binary)}. */
  public static Wire rows(int capacity) {
    Wire rows = new Wire(capacity);
    rows.append(SIGNATURE);
    rows.int4(0);
    rows.int4(0);
    return rows;
  }

  /** A row of so many values follows. */
  public void row(int values) {
    int2(values);
  }

  /** No row follows. */
  public void end() {
    int2(END_OF_ROWS);
  }

  /** All that was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Hands over what was written once it is so much, and goes on with nothing. */
  public void drain(int least, CopyIn copy) throws SQLException {
    if (length >= least) {
      copy.writeToCopy(bytes, 0, length);
      length = 0;
    }
  }

  /** NULL. */
  public void gap() {
    int4(GAP);
  }

  /** A {@code bool}. */
  public void bool(boolean value) {
    int4(1);
    room(1);
    bytes[length++] = (byte) (value ? 1 : 0);
  }

  /** A {@code smallint}. */
  public void smallint(int value) {
    int4(2);
    int2(value);
  }

  /** An {@code int}. */
  public void integer(int value) {
    int4(4);
    int4(value);
  }

  /** A {@code bigint}. */
  public void bigint(long value) {
    int4(8);
    int8(value);
  }

  /** A {@code float8}. */
  public void real(double value) {
    bigint(Double.doubleToLongBits(value));
  }

  /** A {@code timestamptz}. */
  public void instant(Instant value) {
    long seconds = Math.subtractExact(value.getEpochSecond(), EPOCH_SECONDS);
    bigint(Math.addExact(Math.multiplyExact(seconds, 1_000_000L), value.getNano() / 1000));
  }

  /** A {@code uuid}. */
  public void uuid(UUID value) {
    int4(16);
    int8(value.getMostSignificantBits());
    int8(value.getLeastSignificantBits());
  }

  /** A {@code text}. */
  public void text(String value) {
    value(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A {@code text[]}. */
  public void texts(List<String> values) {
    Wire array = array(Oid.TEXT, values.size());
    values.forEach(array::text);
    value(array.toBytes());
  }

  /** A value or a gap. */
  public <V> void optional(@Nullable V value, BiConsumer<Wire, V> write) {
    if (value == null) {
      gap();
    } else {
      write.accept(this, value);
    }
  }

  private void value(byte[] value) {
    int4(value.length);
    append(value);
  }

  private void append(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void int8(long value) {
    int4((int) (value >> 32));
    int4((int) value);
  }

  private void int4(int value) {
    int2(value >> 16);
    int2(value);
  }

  private void int2(int value) {
    room(2);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
