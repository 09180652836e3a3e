package dev.tapline.sink.parquet.avro;

import dev.tapline.sink.parquet.encoding.ValueConsumer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.io.Encoder;

/// Encodes the fields of a row, one after the other, each as a union of null and its type.
final class AvroValueEncoder implements ValueConsumer {
  private static final int NULL = 0;
  private static final int VALUE = 1;

  private final Encoder out;
  private int[] lengths = {};

  AvroValueEncoder(Encoder out) {
    this.out = out;
  }

  @Override
  public void absent() throws IOException {
    out.writeIndex(NULL);
  }

  @Override
  public void bool(boolean value) throws IOException {
    out.writeIndex(VALUE);
    out.writeBoolean(value);
  }

  @Override
  public void int32(int value) throws IOException {
    out.writeIndex(VALUE);
    out.writeInt(value);
  }

  @Override
  public void int64(long value) throws IOException {
    out.writeIndex(VALUE);
    out.writeLong(value);
  }

  @Override
  public void float32(float value) throws IOException {
    out.writeIndex(VALUE);
    out.writeFloat(value);
  }

  @Override
  public void float64(double value) throws IOException {
    out.writeIndex(VALUE);
    out.writeDouble(value);
  }

  // Strings are encoded like bytes.
  @Override
  public void bytes(byte[] data, int offset, int length) throws IOException {
    out.writeIndex(VALUE);
    out.writeBytes(data, offset, length);
  }

  @Override
  public void uuid(byte[] data, int offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(data, offset, 16);
    out.writeIndex(VALUE);
    out.writeString(new UUID(bytes.getLong(), bytes.getLong()).toString());
  }

  @Override
  public void decimal(long unscaled) throws IOException {
    decimal(BigInteger.valueOf(unscaled));
  }

  @Override
  public void decimal(byte[] unscaled) throws IOException {
    decimal(new BigInteger(unscaled));
  }

  @Override
  public void emptyList() throws IOException {
    out.writeIndex(VALUE);
    out.writeArrayStart();
    out.writeArrayEnd();
  }

  @Override
  public void beginList(int[] of) throws IOException {
    lengths = of;
    out.writeIndex(VALUE);
    begin(0);
  }

  @Override
  public void element(int index) throws IOException {
    int size = 1;
    int ended = 0;
    for (int i = lengths.length - 1; i > 0; i--) {
      size *= lengths[i];
      if (index > 0 && index % size == 0) {
        ended++;
      }
    }
    for (int i = 0; i < ended; i++) {
      out.writeArrayEnd();
    }
    int innermost = lengths.length - 1;
    int first = index == 0 ? 1 : lengths.length - ended;
    for (int i = first; i <= innermost; i++) {
      out.startItem();
      out.writeIndex(VALUE);
      begin(i);
    }
    out.startItem();
  }

  @Override
  public void endList() throws IOException {
    for (int i = 0; i < lengths.length; i++) {
      out.writeArrayEnd();
    }
  }

  @Override
  public void endRow() {}

  private void begin(int dimension) throws IOException {
    out.writeArrayStart();
    out.setItemCount(lengths[dimension]);
  }

  // The minimal number of bytes, as the library writes it.
  private void decimal(BigInteger unscaled) throws IOException {
    byte[] bytes = unscaled.toByteArray();
    bytes(bytes, 0, bytes.length);
  }
}
