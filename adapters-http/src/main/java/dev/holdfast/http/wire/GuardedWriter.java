package dev.holdfast.http.wire;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/** Tells the guard when writes begin and end. */
final class GuardedWriter implements DataWriter {

  private final DataWriter writer;
  private final Guard guard;

  GuardedWriter(DataWriter writer, Guard guard) {
    this.writer = writer;
    this.guard = guard;
  }

  @Override
  public void write(BufferData... buffers) {
    write(BufferData.create(buffers));
  }

  @Override
  public void write(BufferData buffer) {
    guard.writeBegins();
    try {
      writer.writeNow(buffer);
    } finally {
      guard.writeEnds();
    }
  }

  @Override
  public void writeNow(BufferData... buffers) {
    write(BufferData.create(buffers));
  }

  @Override
  public void writeNow(BufferData buffer) {
    write(buffer);
  }
}
